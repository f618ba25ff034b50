// Where the management origin takes OMA-DM messages: the provisioning document names it, the origin serves it.

export const MANAGEMENT_PATH = '/omadm';

// Where the enrollment origin has what a sign-in refers to.

export const ENROLLMENT_PATHS = {
  discovery: '/EnrollmentServer/Discovery.svc',
  termsOfUse: '/EnrollmentServer/TermsOfUse',
  compliance: '/portal/compliance',
} as const;

// Panels in one style over the Grafana SDK: what a panel shows is said where it is used, how it looks is said here.
import {
  BigValueGraphMode,
  HeatmapCellLayout,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { ThresholdsConfigBuilder, ThresholdsMode, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapBuilder, RowsHeatmapOptionsBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that the dashboard's variable chooses. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

export interface PanelText {
  readonly title: string;
  /** What it means and what to look at next: shown behind the panel's (i). */
  readonly description: string;
  /** Grafana's unit name; default `short`. */
  readonly unit?: string;
  /** Of 24. */
  readonly width?: number;
}

/** Legend (with `{{label}}`) and expression. */
export type Series = readonly [legend: string, expression: string];

function query([legend, expression]: Series, at: number): DataqueryBuilder {
  const refId = String.fromCodePoint('A'.codePointAt(0)! + at);
  return new DataqueryBuilder().refId(refId).datasource(DATASOURCE).expr(expression).legendFormat(legend).range();
}

export function timeSeries(
  text: PanelText & { readonly stacked?: boolean },
  series: readonly Series[],
): Builder<Panel> {
  const panel = new TimeSeriesBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(DATASOURCE)
    .unit(text.unit ?? 'short')
    .min(0)
    .span(text.width ?? 8)
    .height(8)
    .lineWidth(2)
    .fillOpacity(text.stacked === true ? 40 : 5)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .targets(series.map(query));
  return text.stacked === true ? panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal)) : panel;
}

/** Big numbers: the last value of each series. `alarmFrom` turns them red, or red below it with `alarmBelow`. */
export function stat(
  text: PanelText & { readonly alarmFrom?: number; readonly alarmBelow?: number },
  series: readonly Series[],
): Builder<Panel> {
  const steps =
    text.alarmBelow === undefined
      ? [
          { value: null, color: 'green' },
          ...(text.alarmFrom === undefined ? [] : [{ value: text.alarmFrom, color: 'red' }]),
        ]
      : [
          { value: null, color: 'red' },
          { value: text.alarmBelow, color: 'green' },
        ];
  return new StatBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(DATASOURCE)
    .unit(text.unit ?? 'short')
    .span(text.width ?? 8)
    .height(5)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
    .targets(series.map(query));
}

/** Where the values of a histogram lie over time. */
export function heatMap(text: PanelText, expression: string): Builder<Panel> {
  return new HeatmapBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(DATASOURCE)
    .unit(text.unit ?? 's')
    .span(text.width ?? 8)
    .height(8)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .targets([query(['{{le}}', expression], 0).format(PromQueryFormat.Heatmap)]);
}

import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { grouped } from '../amounts.ts';
import { visible } from '../terminal.ts';
import { html, type Markup, trusted } from './markup.ts';
import { INK, pageSvg } from './svg.ts';

use([BarChart, GridComponent, SVGRenderer]);

type ChartOption = ComposeOption<BarSeriesOption | GridComponentOption>;

/** A bar that lies on its side: its parts, in any unit, and the figure at its end. */
export interface Bar {
  readonly label: string;
  /** Only the lengths are drawn from these; the figures are told by `shown`. */
  readonly parts: readonly number[];
  readonly shown: string;
}

export type Ink = keyof typeof INK;

const BAR_HEIGHT = 30;
const BAR_CHART_WIDTH = 420;
/** The room for a label; it is cut a little before, as fonts differ in width. */
const LABEL_ROOM = 146;
const LABEL_WIDTH = 118;
/** Of a character of a figure, at most. */
const CHARACTER_WIDTH = 7.5;
const FONT_SIZE = 12;

/** Bars on their sides, one below the other, their parts in the given inks. */
export function barChart(bars: readonly Bar[], inks: readonly Ink[], alternative: string): Markup {
  const height = bars.length * BAR_HEIGHT;
  const longest = Math.max(...bars.map(({ shown }) => shown.length));
  const option: ChartOption = {
    ...PLAIN,
    grid: { left: LABEL_ROOM, right: longest * CHARACTER_WIDTH + 8, top: 0, bottom: 0 },
    xAxis: { type: 'value', show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ label }) => visible(label)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...words(INK.text),
        interval: 0,
        align: 'left',
        width: LABEL_WIDTH,
        margin: LABEL_ROOM,
        overflow: 'truncate',
        ellipsis: '…',
      },
    },
    series: [
      ...inks.map(
        (ink, part): BarSeriesOption => ({
          ...BARS,
          stack: 'bar',
          barWidth: 16,
          itemStyle: { color: INK[ink] },
          data: bars.map(({ parts }) => parts[part] ?? 0),
        }),
      ),
      figuresAtTheEnd(bars),
    ],
  };
  return drawn(option, BAR_CHART_WIDTH, height, alternative);
}

/** A last part without length, whose only purpose is the figure beside it. */
function figuresAtTheEnd(bars: readonly Bar[]): BarSeriesOption {
  return {
    ...BARS,
    stack: 'bar',
    barWidth: 16,
    data: bars.map(() => 0),
    label: {
      ...words(INK.text),
      show: true,
      position: 'right',
      formatter: ({ dataIndex }) => bars[dataIndex]?.shown ?? '',
    },
  };
}

/** What an ink of a chart stands for. */
export function legendItem(ink: Ink, text: string): Markup {
  return html`<span><span class="key ${ink}"></span>${text}</span>`;
}

export interface Column {
  readonly label: string;
  /** Only the height is drawn from this. */
  readonly value: number;
  readonly ink: Ink;
}

/** Columns side by side over a scale, each `labelEvery` of them named. */
export function columnChart(
  columns: readonly Column[],
  look: { width: number; height: number; labelEvery: number },
  alternative: string,
): Markup {
  const option: ChartOption = {
    ...PLAIN,
    grid: { left: 52, right: 4, top: 10, bottom: 24 },
    xAxis: {
      type: 'category',
      data: columns.map(({ label }) => label),
      axisLine: { lineStyle: { color: INK.line } },
      axisTick: { show: false },
      axisLabel: {
        ...words(INK.muted),
        interval: (index: number) => index % look.labelEvery === 0,
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { ...words(INK.muted), formatter: (value: number) => grouped(String(value)) },
      splitLine: { lineStyle: { color: INK.line } },
    },
    series: [
      {
        ...BARS,
        barCategoryGap: '28%',
        data: columns.map(({ value, ink }) => ({ value, itemStyle: { color: INK[ink] } })),
      },
    ],
  };
  return drawn(option, look.width, look.height, alternative);
}

const PLAIN: ChartOption = { animation: false, backgroundColor: 'transparent' };

const BARS = { type: 'bar', silent: true, clip: false, emphasis: { disabled: true } } as const;

/** The font family is the page's own. */
function words(color: string): { color: string; fontSize: number; fontFamily: string } {
  return { color, fontSize: FONT_SIZE, fontFamily: 'inherit' };
}

function drawn(option: ChartOption, width: number, height: number, alternative: string): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    const drawing = trusted(pageSvg(chart.renderToSVGString()));
    return html`<svg role="img" aria-label="${alternative}" viewBox="0 0 ${width} ${height}">${drawing}</svg>`;
  } finally {
    chart.dispose();
  }
}

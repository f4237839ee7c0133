const data = JSON.parse(document.getElementById('data').textContent);
const charts = [];

// ---------------------------------------------------------------- colours and symbols

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const isGenerated = group => group.startsWith('generated/');
const label = group => (isGenerated(group) ? group.slice('generated/'.length) : group);
const flowOf = group => label(group).split(/[/+]/)[0];
const isVariant = group => isGenerated(group) && label(group) !== flowOf(group);
const SYMBOLS = {
  'held-out': 'diamond', train: 'rect', 'noise-0.01': 'triangle',
  'noise-0.05': 'path://M0 0 L10 0 L5 9 Z', 'soup-16': 'roundRect',
  interpolation: 'path://M0 4 H4 V0 H6 V4 H10 V6 H6 V10 H4 V6 H0 Z', gaussian: 'circle',
  'gaussian-joint': 'path://M5 0 L10 4 L8 10 L2 10 L0 4 Z',
  retrieval: 'path://M1 0 L5 4 L9 0 L10 1 L6 5 L10 9 L9 10 L5 6 L1 10 L0 9 L4 5 L0 1 Z',
};

function colour(group) {
  if (isGenerated(group)) {
    return css('--c' + Math.max(0, data.flows.indexOf(flowOf(group))) % 8);
  }
  return group === 'held-out' || group === 'train' ? css('--text') : css('--muted');
}

const paintOf = name => (name.startsWith('gaussian')
  ? { color: css('--card'), borderColor: css('--muted'), borderWidth: 2 }
  : { color: colour(name), borderColor: css('--card'), borderWidth: isGenerated(name) ? 2 : 0.5 });

// ---------------------------------------------------------------- what all charts share

function frame(option, name, width) {
  const text = css('--muted');
  const axis = a => ({
    nameLocation: 'middle', nameGap: 30, nameTextStyle: { color: text }, axisLabel: { color: text, hideOverlap: true },
    axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: css('--line') } },
    ...a, ...(a.more || {}),
  });
  return {
    animation: false,
    // Double quotes around a font's name would end the attribute of the SVG in which ECharts writes it.
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily.replaceAll('"', "'") },
    aria: { enabled: true },
    color: Array.from({ length: 8 }, (_, i) => css('--c' + i)),
    tooltip: {
      confine: true, backgroundColor: css('--card'), borderColor: css('--line'),
      textStyle: { color: css('--text'), fontSize: 13 }, trigger: 'item',
    },
    toolbox: {
      right: 0, top: 0, itemSize: 13, iconStyle: { borderColor: css('--faint') },
      feature: {
        saveAsImage: { title: 'Save as SVG', type: 'svg', name: data.run + '-' + name, backgroundColor: css('--card') },
      },
    },
    grid: { left: 56, right: 22, top: 40, bottom: 46 },
    ...option,
    legend: option.legend && {
      top: 0, left: 0, width: width - 56, type: 'scroll', itemWidth: 15, itemHeight: 9, itemGap: 9, pageIconSize: 11,
      pageIconColor: css('--accent'), pageIconInactiveColor: css('--line'), pageTextStyle: { color: text },
      textStyle: { color: text }, ...option.legend,
    },
    xAxis: option.xAxis && axis(option.xAxis),
    yAxis: option.yAxis && axis({ nameGap: 42, ...option.yAxis }),
  };
}

const tip = formatter => ({
  confine: true, backgroundColor: css('--card'), borderColor: css('--line'),
  textStyle: { color: css('--text'), fontSize: 13 }, formatter,
});

function draw(element, name, build, arrange) {
  const chart = echarts.init(element, null, { renderer: 'svg' });
  const render = () => {
    chart.setOption(frame(build(), name, element.clientWidth), true);
    if (arrange) {
      arrange(chart);
    }
  };
  render();
  charts.push({ chart, render });
}

addEventListener('resize', () => charts.forEach(c => {
  c.chart.resize();
  c.render();
}));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(c => c.render()));

const percent = v => (100 * v).toFixed(1) + ' %';
const shortPercent = v => +(100 * v).toFixed(2) + ' %';
const plain = v => +v.toPrecision(3);
// The values of ticks are round, so that all their digits count; rounding them would write two ticks alike.
const exact = v => +v.toPrecision(10);
const ticks = format => v => (format === shortPercent ? exact(100 * v) + ' %' : String(exact(v)));
const seconds = v => (v >= 120 ? +(v / 60).toFixed(1) + ' min' : +v.toFixed(0) + ' s');
const escapeHtml = s => s.replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
const finite = pair => pair.every(v => v !== null && Number.isFinite(v));
const group = name => data.groups.find(g => g.group === name);
const remove = element => element.closest('figure').remove();

function figure(title, text, extra) {
  const node = document.createElement('figure');
  node.className = 'card';
  const caption = node.appendChild(document.createElement('figcaption'));
  caption.appendChild(document.createElement('h3')).textContent = title;
  caption.appendChild(document.createElement('p')).textContent = text;
  const chart = node.appendChild(document.createElement('div'));
  chart.className = 'chart ' + (extra || '');
  return [node, chart];
}

function reference(name, key, format) {
  const held = group(name);
  return held && held[key] !== null
    ? {
      silent: true, symbol: 'none', data: [{ yAxis: held[key] }],
      lineStyle: { color: css('--text'), type: 'dashed', width: 1.2 },
      label: { formatter: name + ' ' + format(held[key]), position: 'insideEndTop', color: css('--text'), fontSize: 11 },
    }
    : undefined;
}

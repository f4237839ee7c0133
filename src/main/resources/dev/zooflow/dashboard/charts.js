// ---------------------------------------------------------------- charts

const plots = {};

function plot(name, option, empty, onClick) {
  const element = $(`[data-chart="${name}"]`);
  let chart = plots[name];
  if (empty) {
    element.removeAttribute('role');
    element.removeAttribute('aria-label');
    if (chart) {
      chart.dispose();
      delete plots[name];
    }
    const note = document.createElement('p');
    note.className = 'empty';
    note.textContent = empty;
    element.replaceChildren(note);
    return;
  }
  if (!chart) {
    element.replaceChildren();
    element.setAttribute('role', 'img');
    chart = echarts.init(element, null, { renderer: 'canvas' });
    plots[name] = chart;
    if (onClick) {
      chart.on('click', onClick);
    }
  }
  const whole = frame(option, name, element.clientWidth);
  whole.toolbox.feature.saveAsImage = { title: 'Save as PNG', type: 'png', name: 'zooflow-' + name, backgroundColor: css('--card') };
  chart.setOption(whole, { replaceMerge: ['series'] });
}

const curveKeys = () => (marked.size ? [...marked.keys()] : page.data.slice(0, MOST_MARKED).map(row => row.key));
const curveTint = (key, i) => (marked.size ? tint(key) : css('--c' + i));

function offerMetrics(metrics) {
  const select = $('#metric');
  const known = [...select.options].map(o => o.value);
  const wanted = [...new Set([...metrics, select.value])].sort();
  if (wanted.join() !== known.join()) {
    const chosen = select.value;
    select.replaceChildren(...wanted.map(m => new Option(m.replace(/_mean$/, '').replace(/_/g, ' '), m)));
    select.value = chosen;
  }
}

const drawCurves = calmly(async () => {
  const keys = curveKeys();
  if (!keys.length) {
    plot('curves', null, 'No curve yet.');
    return;
  }
  const metric = $('#metric').value;
  const answer = await ask('curves', [['metric', metric], ['points', 400], ...keys.map(key => ['key', key])]);
  offerMetrics(answer.metrics);
  const x = Number($('#against').value);
  const several = new Set(answer.curves.map(c => c.run)).size > 1;
  const log = $('#log').checked;
  const curves = answer.curves.map(c => ({ ...c, title: several ? `${c.name} (${c.run})` : c.name }));
  plot('curves', {
    legend: { data: curves.map(c => c.title) },
    grid: { left: 64, right: 26, top: 40, bottom: 46 },
    xAxis: { type: 'value', name: x ? 'training time' : 'step', min: 0, axisLabel: { color: css('--muted'), ...(x ? { formatter: seconds } : {}) } },
    yAxis: { type: log ? 'log' : 'value', scale: true, name: metric.replace(/_mean$/, '').replace(/_/g, ' '), axisLabel: { color: css('--muted'), formatter: v => +v.toPrecision(3) } },
    tooltip: tooltip(p => `${escapeHtml(p.seriesName)}, ${x ? seconds(p.value[0]) : 'step ' + p.value[0]}: <b>${+p.value[1].toPrecision(4)}</b>`),
    series: curves.map(c => ({
      type: 'line', id: c.key, name: c.title, showSymbol: c.points.length < 30, symbol: 'circle', symbolSize: 6, lineStyle: { width: 1.8 }, triggerLineEvent: true,
      itemStyle: { color: curveTint(c.key, keys.indexOf(c.key)) },
      data: c.points.map(p => [p[x], p[2]]).filter(p => !log || p[1] > 0),
    })),
  }, curves.length ? '' : `No trial has a curve of ${metric} yet.`);
}, 400);

const tooltip = formatter => ({
  confine: true, backgroundColor: css('--card'), borderColor: css('--line'), textStyle: { color: css('--text'), fontSize: 13 }, formatter,
});

const STATUS_TINT = { training: '--accent', scoring: '--c3', done: '--ok', failed: '--bad', stopped: '--warn', unfinished: '--warn' };
const short = key => key.replace(/\/flow\//, ' · ');

const drawScatter = calmly(async () => {
  const answer = await ask('scatter', filters());
  const few = answer.data.length < 400;
  const dot = d => ({
    value: d, itemStyle: marked.has(d[2]) ? { color: tint(d[2]), opacity: 1, borderColor: css('--card'), borderWidth: 2 } : { color: css(STATUS_TINT[d[3]] || '--faint') },
    symbolSize: marked.has(d[2]) ? 17 : few ? 10 : 6,
  });
  plot('scatter', {
    grid: { left: 70, right: 96, top: 28, bottom: 52 },
    xAxis: { type: 'value', name: 'nearest-neighbour ratio (0 copy, 1 really new)', min: 0, nameGap: 32 },
    yAxis: { type: 'value', name: 'test accuracy', nameGap: 54, scale: true, axisLabel: { formatter: ticks(shortPercent), color: css('--muted') } },
    tooltip: tooltip(p => (p.seriesId === 'baselines' ? `<b>${escapeHtml(p.name)}</b>` : `<b>${escapeHtml(short(p.value[2]))}</b> ${p.value[3]}`) + `<br>accuracy ${percent(p.value[1])}<br>nn ratio ${p.value[0].toFixed(2)}`),
    series: [
      { type: 'scatter', id: 'trials', itemStyle: { opacity: 0.6 }, data: answer.data.filter(d => !marked.has(d[2])).map(dot) },
      { type: 'scatter', id: 'marked', z: 5, data: answer.data.filter(d => marked.has(d[2])).map(dot),
        label: { show: true, position: 'right', distance: 7, formatter: p => p.value[2].split('/').slice(2).join('/'), color: css('--text'), fontWeight: 'bold', textBorderColor: css('--card'), textBorderWidth: 3 } },
      { type: 'scatter', id: 'baselines', z: 4, silent: false, symbolSize: 12, data: Object.entries(answer.baselines).map(([name, value]) => ({
        name, value, symbol: SYMBOLS[name] || 'pin', itemStyle: paintOf(name),
        label: { show: true, formatter: name, position: 'right', color: css('--muted'), fontSize: 11, textBorderColor: css('--card'), textBorderWidth: 3 },
      })) },
    ],
  }, answer.total ? '' : 'No trial was scored yet.', p => p.value[2] && mark(p.value[2]));
}, 1000);

const drawParallel = calmly(async () => {
  const answer = await ask('parallel', filters());
  const at = answer.axes.indexOf('accuracy_mean') + 1;
  if (!at || answer.data.length < 2) {
    plot('parallel', null, 'Two trials with different scores are needed.');
    return;
  }
  const accuracies = answer.data.map(d => d[at]);
  const low = Math.min(...accuracies);
  const range = Math.max(...accuracies) - low || 1;
  const axes = answer.axes.map((axis, i) => {
    const values = answer.data.map(d => d[i + 1]).filter(v => v !== null);
    const text = values.some(v => typeof v === 'string');
    const log = !text && axis.startsWith('p.') && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= 50;
    return {
      dim: i, name: nameOf(axis, answer.metric), nameTextStyle: { color: css('--muted') }, scale: true, axisLabel: { color: css('--muted'), ...(text ? {} : { formatter: v => +v.toPrecision(3) }) },
      axisLine: { lineStyle: { color: css('--faint') } }, ...(text ? { type: 'category', data: [...new Set(values.map(String))].sort() } : { type: log ? 'log' : 'value' }),
    };
  });
  const many = answer.data.length > 200;
  plot('parallel', {
    parallel: { left: 60, right: 80, top: 48, bottom: 28, parallelAxisDefault: { areaSelectStyle: { color: css('--accent'), opacity: 0.2 } } },
    parallelAxis: axes,
    visualMap: { show: false, dimension: at - 1, min: low, max: low + range, inRange: { color: [css('--line'), css('--c0')] }, seriesIndex: 0 },
    series: [{
      type: 'parallel', id: 'trials', smooth: false, lineStyle: { width: many ? 1 : 1.6, opacity: many ? 0.35 : 0.75 },
      data: answer.data.map(d => d.slice(1).map((v, i) => (axes[i].type === 'category' && v !== null ? String(v) : v))),
    }],
    grid: undefined,
  }, '');
}, 2000);

const drawTimeline = calmly(async () => {
  const answer = await ask('timeline', filters());
  const lanes = answer.data.map(l => l.name).reverse();
  const dots = answer.data.flatMap(l => l.checkpoints.map(([time, step, spent, loss, label]) => ({
    value: [time, answer.data.length - 1 - answer.data.indexOf(l), step, spent, loss, label, l.run], symbolSize: label === 'final' ? 11 : 7,
    itemStyle: label === 'final' ? { color: css('--ok') } : { color: css('--card'), borderColor: css('--accent'), borderWidth: 1.5 },
  })));
  const spans = answer.data.map((l, i) => [answer.data.length - 1 - i, l.checkpoints[0][0], l.checkpoints[l.checkpoints.length - 1][0]]);
  const element = $('[data-chart="timeline"]');
  element.style.height = Math.max(120, 70 + 22 * lanes.length) + 'px';
  if (plots.timeline) {
    plots.timeline.resize();
  }
  plot('timeline', {
    grid: { left: 190, right: 26, top: 16, bottom: 40 },
    xAxis: { type: 'time', axisLabel: { color: css('--muted'), hideOverlap: true } },
    yAxis: { type: 'category', data: lanes, axisLabel: { color: css('--muted'), width: 170, overflow: 'truncate' }, splitLine: { show: true, lineStyle: { color: css('--line') } } },
    tooltip: tooltip(p => `<b>${escapeHtml(p.value[6] + ' · ' + lanes[p.value[1]])}</b><br>${p.value[5] === 'final' ? 'final checkpoint' : 'checkpoint ' + p.value[5]}, ${clock(p.value[0])}<br>step ${p.value[2]}, ${seconds(p.value[3])}<br>loss ${+p.value[4].toPrecision(4)}`),
    series: [
      { type: 'custom', id: 'spans', silent: true, z: 1, encode: { x: [1, 2], y: 0 }, data: spans, renderItem: (params, api) => {
        const from = api.coord([api.value(1), api.value(0)]);
        const to = api.coord([api.value(2), api.value(0)]);
        return { type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: css('--accent'), lineWidth: 2, opacity: 0.35 } };
      } },
      { type: 'scatter', id: 'checkpoints', data: dots },
    ],
  }, lanes.length ? '' : 'No checkpoint yet.');
}, 1000);

// ---------------------------------------------------------------- runs side by side

const tint = run => css('--c' + data.runs.indexOf(run) % 8);
const legend = () => ({ data: data.runs.map(name => ({ name, icon: 'circle' })) });
const ofRun = (run, keys) => data.scores.filter(s => s.run === run && finite(keys.map(key => s[key])));
const mark = s => ({ symbol: isGenerated(s.group) ? 'circle' : SYMBOLS[s.group] || 'pin', symbolSize: isVariant(s.group) ? 9 : isGenerated(s.group) ? 15 : 11 });
const spot = run => ({ type: 'scatter', name: run, itemStyle: { color: tint(run), borderColor: css('--card'), borderWidth: 1 } });
const word = metric => metric.replace(/_mean$/, '').replace(/_/g, ' ');

function scatter() {
  return {
    legend: legend(),
    grid: { left: 70, right: 96, top: 40, bottom: 52 },
    xAxis: { type: 'value', name: 'nearest-neighbour ratio (0 copy, 1 really new)', min: 0, nameGap: 32 },
    yAxis: { type: 'value', name: 'test accuracy', nameGap: 54, scale: true, axisLabel: { formatter: ticks(shortPercent), color: css('--muted') } },
    tooltip: tip(p => `<b>${escapeHtml(label(p.name))}</b> of ${escapeHtml(p.seriesName)}<br>accuracy ${percent(p.value[1])}<br>nn ratio ${p.value[0].toFixed(2)}`),
    series: data.runs.map(run => ({
      ...spot(run),
      data: ofRun(run, ['nn_ratio_mean', 'accuracy_mean']).map(s => ({
        ...mark(s), name: s.group, value: [s.nn_ratio_mean, s.accuracy_mean],
        label: { show: isGenerated(s.group) && !isVariant(s.group), position: 'right', distance: 6, formatter: label(s.group), color: css('--text'), fontSize: 12, textBorderColor: css('--card'), textBorderWidth: 3 },
      })),
      labelLayout: { hideOverlap: true },
    })),
  };
}

function dots(groups) {
  return {
    legend: legend(),
    grid: { left: 170, right: 26, top: 40, bottom: 46 },
    xAxis: { type: 'value', name: word(data.metric), scale: true },
    yAxis: { type: 'category', data: groups.map(label), inverse: true, axisLabel: { color: css('--muted'), width: 160, overflow: 'truncate' }, splitLine: { show: true, lineStyle: { color: css('--line') } } },
    tooltip: tip(p => `<b>${escapeHtml(label(p.name))}</b> of ${escapeHtml(p.seriesName)}: ${plain(p.value[0])}`),
    series: data.runs.map(run => ({
      ...spot(run), data: ofRun(run, [data.metric]).map(s => ({ ...mark(s), name: s.group, value: [s[data.metric], groups.indexOf(s.group)] })),
    })),
  };
}

function lines(curves, format) {
  const flows = [...new Set(curves.map(c => c.flow))];
  return {
    legend: legend(),
    grid: { left: 70, right: 96, top: 40, bottom: 46 },
    xAxis: { type: 'value', name: 'training time', min: 0, axisLabel: { color: css('--muted'), formatter: seconds } },
    yAxis: { type: 'value', scale: true, axisLabel: { color: css('--muted'), formatter: ticks(format) } },
    tooltip: tip(p => `<b>${escapeHtml(p.data.flow || '')}</b> of ${escapeHtml(p.seriesName)}, ${seconds(p.value[0])}: ${format(p.value[1])}`),
    series: curves.map(c => ({
      type: 'line', name: c.run, symbol: 'circle', symbolSize: 5, showSymbol: c.points.length < 30,
      itemStyle: { color: tint(c.run) }, lineStyle: { width: 1.6, type: ['solid', 'dashed', 'dotted'][flows.indexOf(c.flow) % 3] },
      endLabel: { show: true, formatter: c.flow, color: css('--muted'), fontSize: 11 }, labelLayout: { hideOverlap: true },
      data: c.points.filter(finite).map(value => ({ value, flow: c.flow })),
    })),
  };
}

const chart = name => document.querySelector(`[data-chart="${name}"] .chart`);
const groups = [...new Set(data.scores.filter(s => finite([s[data.metric]])).map(s => s.group))];
chart('dots').style.height = 100 + 26 * groups.length + 'px';
chart('dots').closest('figure').querySelector('h3').textContent = `Groups by ${word(data.metric)}`;
const has = (name, test, build) => (test ? draw(chart(name), name, build) : remove(chart(name)));
has('scatter', data.runs.some(run => ofRun(run, ['nn_ratio_mean', 'accuracy_mean']).length), scatter);
has('dots', groups.length, () => dots(groups));
has('loss', data.loss.length, () => lines(data.loss, plain));
has('accuracy', data.accuracy.length, () => lines(data.accuracy, shortPercent));

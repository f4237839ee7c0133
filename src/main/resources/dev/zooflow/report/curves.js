// ---------------------------------------------------------------- training curves

function curves(kind, metric) {
  const stages = Object.keys(data.curves).filter(s => s.startsWith(kind + '/') && data.curves[s].values[metric]);
  const name = s => s.slice(kind.length + 1);
  const order = s => (kind === 'zoo' ? 0 : data.flows.indexOf(name(s)));
  stages.sort((a, b) => order(a) - order(b) || a.localeCompare(b, undefined, { numeric: true }));
  const values = stages.flatMap(s => data.curves[s].values[metric]).filter(v => v !== null);
  const top = Math.max(...values);
  const bottom = Math.min(...values);
  const log = bottom > 0 && top / bottom > 30;
  const bySeconds = kind === 'flow';
  const unit = kind === 'transfer' ? 'epoch' : 'step';
  return {
    legend: { data: stages.map(name) },
    xAxis: {
      type: 'value', name: bySeconds ? 'training time' : unit, min: 0,
      axisLabel: { color: css('--muted'), ...(bySeconds ? { formatter: seconds } : {}) },
    },
    yAxis: { type: log ? 'log' : 'value', scale: true, axisLabel: { color: css('--muted'), formatter: log ? v => +v.toPrecision(3) : ticks(plain) } },
    tooltip: tip(p => `${escapeHtml(p.seriesName)}, ${bySeconds ? seconds(p.value[0]) : unit + ' ' + p.value[0]}: <b>${+p.value[1].toPrecision(4)}</b>`),
    series: stages.flatMap(s => {
      const c = data.curves[s];
      const tint = data.flows.includes(name(s)) ? colour('generated/' + name(s)) : kind === 'transfer' ? css('--muted') : null;
      const line = {
        type: 'line', name: name(s), showSymbol: false, symbol: 'circle', lineStyle: { width: 1.6 }, ...(tint ? { itemStyle: { color: tint } } : {}),
        data: (bySeconds ? c.seconds : c.step).map((x, i) => [x, c.values[metric][i]]).filter(finite),
      };
      const sd = c.values[metric + '_std'];
      return sd ? [line, band(name(s), c.step, c.values[metric].map((v, i) => v - sd[i]), c.values[metric].map((v, i) => v + sd[i]), tint)] : [line];
    }),
  };
}

function allCurves(kind) {
  const box = document.querySelector(`[data-curves="${kind}"]`);
  const metrics = [...new Set(Object.entries(data.curves).filter(([s]) => s.startsWith(kind + '/')).flatMap(([, c]) => Object.keys(c.values)))].filter(m => !m.endsWith('_std'));
  metrics.sort((a, b) => (b === 'loss') - (a === 'loss') || a.localeCompare(b));
  for (const metric of metrics) {
    const title = metric.replace(/_/g, ' ') + (kind === 'transfer' ? ', from sampled and random weights' : '');
    const [node, chart] = figure(title[0].toUpperCase() + title.slice(1), '');
    node.querySelector('p').remove();
    box.appendChild(node);
    draw(chart, kind + '-' + metric, () => curves(kind, metric));
  }
  if (metrics.length % 2 === 1 && box.firstChild) {
    box.firstChild.classList.add('wide');
  }
  return metrics.length;
}

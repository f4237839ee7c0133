// ---------------------------------------------------------------- accuracy against novelty

function scatter() {
  const groups = data.groups.filter(g => finite([g.nn_ratio_mean, g.accuracy_mean]));
  const clouds = groups.filter(g => isGenerated(g.group) && !isVariant(g.group)).map(g => ({
    type: 'scatter', name: label(g.group), symbolSize: 6, z: 2,
    itemStyle: { color: colour(g.group), opacity: 0.38 },
    data: g.nn_ratio.map((x, i) => [x, g.accuracy[i]]).filter(finite),
  }));
  const means = groups.map(g => ({
    type: 'scatter', name: label(g.group), id: g.group, z: isGenerated(g.group) ? 5 : 4,
    symbol: isGenerated(g.group) ? 'circle' : SYMBOLS[g.group] || 'pin',
    symbolSize: isVariant(g.group) ? 10 : isGenerated(g.group) ? 17 : 13,
    itemStyle: paintOf(g.group),
    data: [[g.nn_ratio_mean, g.accuracy_mean]],
    label: {
      show: !isVariant(g.group), position: 'right', distance: 7, formatter: label(g.group), color: css('--text'), fontSize: 12,
      fontWeight: isGenerated(g.group) ? 'bold' : 'normal', textBorderColor: css('--card'), textBorderWidth: 3,
    },
    tooltip: {
      formatter: () => `<b>${escapeHtml(label(g.group))}</b> (mean of ${g.n})<br>accuracy ${percent(g.accuracy_mean)}`
        + `<br>nn ratio ${g.nn_ratio_mean.toFixed(2)}`,
    },
  }));
  const flows = groups.filter(g => isGenerated(g.group) && !isVariant(g.group)).map(g => label(g.group));
  return {
    legend: { data: flows.map(name => ({ name, icon: 'circle' })) },
    grid: { left: 70, right: 96, top: 40, bottom: 52 },
    xAxis: { type: 'value', name: 'nearest-neighbour ratio (0 copy, 1 really new)', min: 0, nameGap: 32 },
    yAxis: { type: 'value', name: 'test accuracy', nameGap: 54, scale: true, axisLabel: { formatter: ticks(shortPercent), color: css('--muted') } },
    tooltip: {
      confine: true, backgroundColor: css('--card'), borderColor: css('--line'),
      textStyle: { color: css('--text'), fontSize: 13 },
      formatter: p => `${escapeHtml(p.seriesName)}<br>accuracy ${percent(p.value[1])}<br>nn ratio ${p.value[0].toFixed(2)}`,
    },
    series: [...clouds, ...means],
  };
}

// Puts each label on the first side of its mark where it covers neither a mark nor another label.
function placeLabels(chart) {
  const groups = data.groups.filter(g => finite([g.nn_ratio_mean, g.accuracy_mean]));
  const at = groups.map(g => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [g.nn_ratio_mean, g.accuracy_mean]));
  const taken = at.map(([x, y]) => [x - 8, y - 8, x + 8, y + 8]);
  const order = groups.map((_, i) => i).sort((i, j) => isGenerated(groups[j].group) - isGenerated(groups[i].group));
  const series = order.map(i => {
    const [x, y] = at[i];
    const w = 7 * label(groups[i].group).length;
    const boxes = {
      right: [x + 11, y - 8, x + 15 + w, y + 8], top: [x - w / 2, y - 28, x + w / 2, y - 12],
      bottom: [x - w / 2, y + 12, x + w / 2, y + 28], left: [x - 15 - w, y - 8, x - 11, y + 8],
    };
    const free = box => box[0] > 2 && taken.every(t => t[2] < box[0] || t[0] > box[2] || t[3] < box[1] || t[1] > box[3]);
    const position = Object.keys(boxes).find(p => free(boxes[p])) || 'right';
    taken.push(boxes[position]);
    return { id: groups[i].group, label: { position } };
  });
  chart.setOption({ series });
}

// ---------------------------------------------------------------- quality over training time

function band(name, xs, low, high, tint) {
  return {
    type: 'custom', name, silent: true, clip: true, z: 1, encode: { x: 0, y: [1, 2] }, data: xs.map((x, i) => [x, low[i], high[i]]),
    renderItem: (params, api) => (params.dataIndex > 0 ? null : {
      type: 'polygon', style: { fill: tint, opacity: 0.14 },
      shape: {
        points: [...xs.map((x, i) => api.coord([x, high[i]])), ...xs.map((x, i) => api.coord([x, low[i]])).reverse()],
      },
    }),
  };
}

function quality(key, spread, format) {
  return () => {
    const series = [];
    for (const flow of data.flows.filter(f => data.history[f])) {
      const h = data.history[flow];
      const tint = colour('generated/' + flow);
      const at = h.seconds.map((_, i) => i).filter(i => finite([h.seconds[i], h[key][i]]));
      const xs = at.map(i => h.seconds[i]);
      series.push({
        type: 'line', name: flow, data: at.map(i => [h.seconds[i], h[key][i]]), symbol: 'circle', symbolSize: 6,
        lineStyle: { width: 2.2 }, itemStyle: { color: tint }, z: 4,
      });
      if (spread) {
        const sd = i => h[spread][i] || 0;
        series.push(band(flow, xs, at.map(i => h[key][i] - sd(i)), at.map(i => h[key][i] + sd(i)), tint));
      }
    }
    if (series.length) {
      series[0].markLine = reference('held-out', key, format);
    }
    return {
      legend: { data: data.flows.filter(f => data.history[f]) },
      xAxis: { type: 'value', name: 'training time', axisLabel: { formatter: seconds, color: css('--muted') } },
      yAxis: { type: 'value', scale: true, axisLabel: { formatter: ticks(format), color: css('--muted') } },
      tooltip: tip(p => `${escapeHtml(p.seriesName)}, ${seconds(p.value[0])}: <b>${format(p.value[1])}</b>`),
      series,
    };
  };
}

// ---------------------------------------------------------------- model averaging

function averaging(what, format) {
  return () => {
    const beside = ['held-out', 'soup-16', 'gaussian'];
    const shown = data.groups.filter(g => g.averaging[what].length > 1 && (isGenerated(g.group) ? !isVariant(g.group) : beside.includes(g.group)));
    shown.sort((a, b) => isGenerated(b.group) - isGenerated(a.group));
    return {
      legend: { data: shown.map(g => label(g.group)) },
      xAxis: { type: 'log', logBase: 2, name: 'networks averaged', splitLine: { show: false } },
      yAxis: { type: 'value', scale: true, axisLabel: { formatter: ticks(format), color: css('--muted') } },
      tooltip: tip(p => `${escapeHtml(p.seriesName)}, ${p.value[0]} networks: <b>${format(p.value[1])}</b>`),
      series: shown.map(g => ({
        type: 'line', name: label(g.group), data: g.averaging[what], z: isGenerated(g.group) ? 4 : 3,
        symbol: isGenerated(g.group) ? 'circle' : SYMBOLS[g.group], symbolSize: 7,
        itemStyle: isGenerated(g.group) ? { color: colour(g.group) } : paintOf(g.group),
        lineStyle: { color: colour(g.group), width: isGenerated(g.group) ? 2.2 : 1.3, type: isGenerated(g.group) ? 'solid' : 'dashed' },
      })),
    };
  };
}

// ---------------------------------------------------------------- one thing changed

const LABELS = {
  'sampling.steps': 'integration steps', 'sampling.noise': 'sampling noise', 'flow.backbone.width': 'width d_E', 'flow.zoo-trajectories': 'training trajectories',
};

function sweep(s, what, format) {
  return () => {
    const xs = s.curves.flatMap(c => c.points[what].map(p => p[0]));
    const log = Math.min(...xs) > 0 && Math.max(...xs) / Math.min(...xs) >= 8;
    const series = s.curves.map(c => ({
      type: 'line', name: c.name, data: c.points[what], symbol: 'circle', symbolSize: 7, lineStyle: { width: 2.2 },
      itemStyle: { color: colour('generated/' + c.name) },
    }));
    series[0].markLine = reference('held-out', what, format);
    return {
      legend: s.curves.length > 1 && { data: s.curves.map(c => c.name) },
      xAxis: { type: log ? 'log' : 'value', logBase: 2, scale: true, name: LABELS[s.key] || s.key, splitLine: { show: false } },
      yAxis: { type: 'value', scale: true, axisLabel: { formatter: ticks(format), color: css('--muted') } },
      tooltip: tip(p => `${escapeHtml(p.seriesName)}, ${p.value[0]}: <b>${format(p.value[1])}</b>`),
      series,
    };
  };
}

function sweeps() {
  const box = document.querySelector('[data-sweeps]');
  const measures = [['accuracy_mean', 'Accuracy', shortPercent], ['loss_mean', 'Loss', plain], ['nn_ratio_mean', 'Novelty', plain]];
  for (const s of data.sweeps) {
    for (const [what, title, format] of measures.filter(m => s.curves.every(c => c.points[m[0]].length > 1))) {
      const [node, chart] = figure(`${title} by ${LABELS[s.key] || s.key}`, what === 'nn_ratio_mean' ? 'Nearest-neighbour ratio, mean over networks.' : 'Mean over networks.');
      box.appendChild(node);
      draw(chart, s.key + '-' + what, sweep(s, what, format));
    }
  }
  if (box.children.length % 2 === 1) {
    box.lastChild.classList.add('wide');
  }
  return data.sweeps.length;
}

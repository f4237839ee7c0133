'use strict';
(() => {
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
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
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

  const percent = v => (100 * v).toFixed(1) + ' %';
  const shortPercent = v => +(100 * v).toFixed(2) + ' %';
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
      yAxis: { type: 'value', name: 'test accuracy', nameGap: 54, scale: true, axisLabel: { formatter: shortPercent, color: css('--muted') } },
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
        yAxis: { type: 'value', scale: true, axisLabel: { formatter: format, color: css('--muted') } },
        tooltip: tip(p => `${escapeHtml(p.seriesName)}, ${seconds(p.value[0])}: <b>${format(p.value[1])}</b>`),
        series,
      };
    };
  }

  const tip = formatter => ({
    confine: true, backgroundColor: css('--card'), borderColor: css('--line'),
    textStyle: { color: css('--text'), fontSize: 13 }, formatter,
  });

  // ---------------------------------------------------------------- model averaging

  function averaging(what, format) {
    return () => {
      const beside = ['held-out', 'soup-16', 'gaussian'];
      const shown = data.groups.filter(g => g.averaging[what].length > 1 && (isGenerated(g.group) ? !isVariant(g.group) : beside.includes(g.group)));
      shown.sort((a, b) => isGenerated(b.group) - isGenerated(a.group));
      return {
        legend: { data: shown.map(g => label(g.group)) },
        xAxis: { type: 'log', logBase: 2, name: 'networks averaged', splitLine: { show: false } },
        yAxis: { type: 'value', scale: true, axisLabel: { formatter: format, color: css('--muted') } },
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
        yAxis: { type: 'value', scale: true, axisLabel: { formatter: format, color: css('--muted') } },
        tooltip: tip(p => `${escapeHtml(p.seriesName)}, ${p.value[0]}: <b>${format(p.value[1])}</b>`),
        series,
      };
    };
  }

  function sweeps() {
    const box = document.querySelector('[data-sweeps]');
    const plain = v => +v.toPrecision(3);
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

  // ---------------------------------------------------------------- distribution of the weights

  const weighted = () => data.groups.filter(g => g.weight_density.length
    && (isGenerated(g.group) || ['held-out', 'source'].includes(g.group)));

  function weightChart(name, points) {
    return () => {
      const shown = weighted();
      const dashes = isVar => (isVar ? [6, 4] : 'solid');
      return {
        legend: { data: shown.map(g => label(g.group)) },
        xAxis: { type: 'value', scale: true, name },
        yAxis: { type: 'value', name: 'density', axisLabel: { color: css('--muted') } },
        tooltip: tip(p => `${escapeHtml(p.seriesName)} at ${+p.value[0].toPrecision(3)}: <b>${+p.value[1].toPrecision(3)}</b>`),
        series: shown.map(g => ({
          type: 'line', step: 'middle', name: label(g.group), showSymbol: false, data: points(g, shown), itemStyle: { color: colour(g.group) },
          lineStyle: { width: isGenerated(g.group) ? 2 : 1.4, type: g.group === 'source' ? 'dotted' : dashes(isVariant(g.group)) },
        })),
      };
    };
  }

  const density = g => g.weight_value.map((x, i) => [x, g.weight_density[i]]);

  function means(g, shown) {
    const all = shown.flatMap(s => s.weight_mean);
    const low = Math.min(...all);
    const width = (Math.max(...all) - low) / 40 || 1;
    const bins = Array.from({ length: 40 }, (_, b) => [low + (b + 0.5) * width, 0]);
    g.weight_mean.forEach(m => { bins[Math.min(39, Math.floor((m - low) / width))][1] += 1 / (width * g.weight_mean.length); });
    return bins;
  }

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
      yAxis: { type: log ? 'log' : 'value', scale: true, axisLabel: { color: css('--muted'), formatter: v => +v.toPrecision(3) } },
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
      const title = metric.replace(/_/g, ' ');
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

  // ---------------------------------------------------------------- loss barriers

  function barriers() {
    const box = document.querySelector('[data-barriers]');
    const top = Math.max(0.01, ...data.barriers.flatMap(b => b.barrier.flat()).filter(Number.isFinite));
    for (const b of data.barriers) {
      const title = b.variant === 'aligned' ? 'Loss barriers after alignment' : b.variant === 'unaligned' ? 'Loss barriers before alignment' : 'Loss barriers, ' + b.variant;
      const [node, chart] = figure(title, `Between pairs of training networks; mean ${b.mean === null ? '–' : b.mean.toFixed(3)} ± ${b.std === null ? '–' : b.std.toFixed(3)}. Both maps share one scale.`, 'square');
      box.appendChild(node);
      draw(chart, 'barriers-' + b.variant, () => ({
        grid: { left: 34, right: 14, top: 26, bottom: 58 },
        xAxis: { type: 'category', data: b.barrier.map((_, i) => i), splitLine: { show: false } },
        yAxis: { type: 'category', data: b.barrier.map((_, i) => i), inverse: true, splitLine: { show: false } },
        visualMap: {
          min: 0, max: top, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 130, itemWidth: 12,
          text: [top.toFixed(2), '0'], textStyle: { color: css('--muted') },
          inRange: { color: [css('--neutral'), css('--c1'), css('--c4')] },
        },
        tooltip: tip(p => `networks ${p.value[1]} and ${p.value[0]}: <b>${p.value[2].toFixed(3)}</b>`),
        series: [{
          type: 'heatmap', data: b.barrier.flatMap((row, i) => row.map((v, j) => [j, i, v])).filter(finite),
          itemStyle: { borderColor: css('--card'), borderWidth: 1 },
        }],
      }));
    }
    return data.barriers.length;
  }

  // ---------------------------------------------------------------- first-layer weights

  function rgb(name) {
    const hex = css(name).slice(1);
    return [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16));
  }

  function paint(canvas, network) {
    const side = network.side;
    const columns = network.neurons.length <= 4 ? network.neurons.length : Math.ceil(Math.sqrt(network.neurons.length));
    const rows = Math.ceil(network.neurons.length / columns);
    const zoom = side < 16 ? 6 : 3;
    const gap = 6;
    canvas.width = columns * (side * zoom + gap) - gap;
    canvas.height = rows * (side * zoom + gap) - gap;
    const context = canvas.getContext('2d');
    const ends = [rgb('--negative'), rgb('--neutral'), rgb('--positive')];
    network.neurons.forEach((text, k) => {
      const bytes = atob(text);
      for (let i = 0; i < bytes.length; i++) {
        const w = (bytes.charCodeAt(i) << 24 >> 24) / 127;
        const end = w < 0 ? ends[0] : ends[2];
        const mix = ends[1].map((c, j) => Math.round(c + (end[j] - c) * Math.abs(w)));
        context.fillStyle = `rgb(${mix})`;
        context.fillRect(
          (k % columns) * (side * zoom + gap) + (i % side) * zoom,
          Math.floor(k / columns) * (side * zoom + gap) + Math.floor(i / side) * zoom, zoom, zoom);
      }
    });
  }

  function weights() {
    const box = document.querySelector('[data-weights]');
    box.replaceChildren();
    for (const g of data.weights) {
      const title = box.appendChild(document.createElement('h3'));
      title.className = 'group-title';
      const mark = title.appendChild(document.createElement('span'));
      mark.className = 'mark';
      mark.style.background = colour(g.group);
      title.append(isGenerated(g.group) ? 'generated by ' + flowOf(g.group) : 'really trained (' + g.group + ')');
      const row = box.appendChild(document.createElement('div'));
      row.className = 'networks';
      g.networks.forEach((network, i) => {
        const card = row.appendChild(document.createElement('div'));
        card.className = 'card network';
        paint(card.appendChild(document.createElement('canvas')), network);
        const accuracy = network.accuracy === null ? '' : ', accuracy ' + percent(network.accuracy);
        card.appendChild(document.createElement('p')).textContent = 'network ' + i + accuracy;
      });
    }
    return data.weights.length;
  }

  // ---------------------------------------------------------------- the table

  function marks() {
    for (const row of document.querySelectorAll('tr.flow:not(.variant)')) {
      row.querySelector('.mark').style.background = colour(row.dataset.group);
    }
  }

  function sortable(table) {
    const heads = [...table.tHead.rows[1].cells];
    const body = table.tBodies[0];
    const original = [...body.rows];
    heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
      const next = { descending: 'ascending', ascending: null }[head.getAttribute('aria-sort')];
      const direction = next === undefined ? 'descending' : next;
      heads.forEach(h => h.removeAttribute('aria-sort'));
      const rows = [...original];
      if (direction) {
        head.setAttribute('aria-sort', direction);
        const sign = direction === 'ascending' ? 1 : -1;
        const value = row => row.cells[column].dataset.v;
        rows.sort((a, b) => {
          if (value(a) === undefined) {
            return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent);
          }
          // Cells without a number stay at the end in both directions.
          return (value(a) === '') - (value(b) === '') || sign * (Number(value(a)) - Number(value(b)));
        });
      }
      body.append(...rows);
    }));
  }

  // ---------------------------------------------------------------- all together

  const chart = name => document.querySelector(`[data-chart="${name}"] .chart`);
  const has = (name, test, build, arrange) => (test ? draw(chart(name), name, build, arrange) : remove(chart(name)));
  const flowsWith = key => Object.values(data.history).some(h => h[key].some(v => v !== null));
  const averages = what => data.groups.some(g => g.averaging[what].length > 1);

  has('scatter', data.groups.some(g => finite([g.nn_ratio_mean, g.accuracy_mean])), scatter, placeLabels);
  has('quality-accuracy', flowsWith('accuracy_mean'), quality('accuracy_mean', 'accuracy_std', shortPercent));
  has('quality-novelty', flowsWith('nn_ratio_mean'), quality('nn_ratio_mean', null, v => +v.toFixed(2)));
  has('averaging-accuracy', averages('accuracy'), averaging('accuracy', shortPercent));
  has('averaging-nll', averages('nll'), averaging('nll', v => +v.toPrecision(3)));
  has('weights-density', weighted().length, weightChart('weight', density));
  has('weights-means', weighted().length, weightChart('mean weight', means));
  if (!weighted().length) {
    document.getElementById('distribution').remove();
  }
  if (!sweeps()) {
    document.getElementById('sweeps').remove();
  }
  if (!allCurves('transfer') && !document.querySelector('#transfer table')) {
    document.getElementById('transfer').remove();
  }
  if (!allCurves('flow')) {
    document.getElementById('training').remove();
  }
  if (allCurves('zoo') + barriers() === 0) {
    document.getElementById('zoo').remove();
  }
  if (!weights()) {
    document.getElementById('weights').remove();
  }
  marks();
  document.querySelectorAll('table.scores').forEach(sortable);
  addEventListener('resize', () => charts.forEach(c => {
    c.chart.resize();
    c.render();
  }));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    charts.forEach(c => c.render());
    marks();
    weights();
  });
})();

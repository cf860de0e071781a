/* What pages do: language, light and dark, search, tables of figures, downloads, citations,
   charts, the ranking. Texts from data are only ever set as text, never as HTML. */
(function () {
  "use strict";
  var root = document.documentElement;
  var store = {
    get: function (key) { try { return localStorage.getItem("govindex." + key); } catch (e) { return null; } },
    set: function (key, value) { try { localStorage.setItem("govindex." + key, value); } catch (e) { /* private */ } }
  };
  // Before anything is painted.
  var asked = /[?&#]lang=(zh|en)/.exec(location.search + location.hash);
  var language = (asked && asked[1]) || store.get("language") || "zh";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  root.lang = language === "en" ? "en" : "zh-CN";
  root.dataset.theme = store.get("theme") || (dark.matches ? "dark" : "light");

  var $ = function (selector, within) { return (within || document).querySelector(selector); };
  var $$ = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };
  var english = function () { return language === "en"; };
  var say = function (zh, en) { return english() ? en : zh; };
  var element = function (name, text, attributes) {
    var made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  };
  var json = function (place) { return place ? JSON.parse(place.textContent) : null; };
  var meta;

  // Numbers, as the pages print them: halves away from zero.
  function rounded(value, decimals) {
    var factor = Math.pow(10, decimals);
    var whole = Math.floor(Math.abs(Number((value * factor).toPrecision(10))) + 0.5);
    return (value < 0 && whole ? "\u2212" : "") + (whole / factor).toFixed(decimals);
  }
  function signed(value, decimals) {
    var text = rounded(value, decimals);
    return text[0] === "\u2212" || !/[1-9]/.test(text) ? text : "+" + text;
  }

  // Language.
  var TRANSLATED = ["aria-label", "placeholder", "title"];
  var originals = new WeakMap();
  function translate() {
    root.lang = english() ? "en" : "zh-CN";
    TRANSLATED.forEach(function (name) {
      $$("[data-en-" + name + "]").forEach(function (one) {
        var kept = originals.get(one) || {};
        if (!(name in kept)) kept[name] = one.getAttribute(name);
        originals.set(one, kept);
        one.setAttribute(name, english() ? one.getAttribute("data-en-" + name) : kept[name]);
      });
    });
    $$("option[data-en], title[data-en]").forEach(function (one) {
      var kept = originals.get(one) || {};
      if (!("text" in kept)) kept.text = one.textContent;
      originals.set(one, kept);
      one.textContent = english() ? one.getAttribute("data-en") : kept.text;
    });
    var button = $("#language");
    if (button) {
      button.textContent = english() ? "中文" : "EN";
      button.lang = english() ? "zh" : "en";
      button.setAttribute("aria-label", english() ? "显示中文 (show in Chinese)" : "EN (show in English)");
    }
    document.dispatchEvent(new Event("govindex:language"));
  }

  // Short messages.
  var fading;
  function toast(text) {
    var place = $("#toast");
    place.textContent = text;
    clearTimeout(fading);
    fading = setTimeout(function () { place.textContent = ""; }, 5000);
  }

  // Citations.
  function citation(button) {
    var data = button.dataset;
    var name = meta.name[english() ? 1 : 0];
    var checksum = meta.files[data.file];
    var parts = english()
      ? [name + " " + meta.edition, "revision " + meta.revision]
      : [name + " " + meta.edition, "修订版 " + meta.revision];
    if (meta.synthetic) parts.push(say("合成数据", "synthetic data"));
    if (meta.group !== "all") parts.push(meta.group);
    if (data.region) parts.push(data.region);
    var what = say(data.whatZh, data.whatEn);
    var indicator = say(data.indicatorZh, data.indicatorEn) + say("（", " (") + data.indicator + say("）", ")");
    parts.push(indicator + (what ? say("，", ", ") + what : "") + (data.value ? say("：", ": ") + data.value : ""));
    parts.push(data.file + (checksum ? " sha256:" + checksum : ""));
    return parts.join(say("；", "; ")) + say("。", ".");
  }
  function copy(text) {
    var done = function () { toast(say("已复制：", "Copied: ") + text); };
    var byHand = function () {
      var area = element("textarea", text, { readonly: "", style: "position:fixed;top:-99em" });
      area.value = text;
      document.body.append(area);
      area.select();
      var copied = false;
      try { copied = document.execCommand("copy"); } catch (e) { copied = false; }
      area.remove();
      if (copied) done(); else toast(text);
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  }

  // Downloads: CSV with a byte-order mark; a text that a spreadsheet would compute is quoted.
  function csvCell(value) {
    var text = value === null || value === undefined ? "" : String(value);
    if (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && isNaN(Number(text)))) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function download(name, rows) {
    var text = "\ufeff" + rows.map(function (row) { return row.map(csvCell).join(","); }).join("\r\n") + "\r\n";
    var link = element("a", null, { download: name });
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }
  function fileName(part) {
    return [meta.code, meta.edition, "r" + meta.revision, part].filter(Boolean).join("-") + ".csv";
  }

  // A figure: its rows as its table has them, in the language or unrounded.
  function shown(cell) {
    var both = $(english() ? ".en" : ".zh", cell);
    return (both || cell).textContent.trim();
  }
  function rowsOf(figure) {
    var keys = $$("thead th", figure).map(function (one) { return one.dataset.k; });
    return $$("tbody tr", figure).map(function (row) {
      var found = {};
      Array.prototype.forEach.call(row.children, function (cell, place) {
        if ("v" in cell.dataset) found[keys[place]] = cell.dataset.v === "" ? null : Number(cell.dataset.v);
        else found[keys[place]] = shown(cell);
      });
      return found;
    });
  }
  function downloadFigure(figure) {
    var rows = rowsOf(figure);
    var keys = $$("thead th", figure).map(function (one) { return one.dataset.k; });
    var heads = $$("thead th", figure).map(shown);
    download(fileName(figure.id), [heads].concat(rows.map(function (row) {
      return keys.map(function (key) { return row[key]; });
    })));
  }

  // Charts: colours are names of variables, texts in two languages are parted by U+001F.
  function resolved(value, style) {
    if (typeof value === "string") {
      if (value.slice(0, 2) === "--") return style.getPropertyValue(value).trim();
      var parts = value.split("\u001f");
      return parts.length === 2 ? parts[english() ? 1 : 0] : value;
    }
    if (Array.isArray(value)) return value.map(function (one) { return resolved(one, style); });
    if (value && typeof value === "object") {
      var made = {};
      Object.keys(value).forEach(function (key) { made[key] = resolved(value[key], style); });
      return made;
    }
    return value;
  }
  function chartConfig(style) {
    var of = function (name) { return style.getPropertyValue(name).trim(); };
    var words = { labelColor: of("--muted"), titleColor: of("--muted"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400, labelFont: of("--sans"), titleFont: of("--sans") };
    return {
      background: "transparent", font: of("--sans"),
      view: { stroke: null },
      axis: Object.assign({ gridColor: of("--grid"), domainColor: of("--line"), tickColor: of("--line"), labelPadding: 6, titlePadding: 10 }, words),
      legend: Object.assign({ orient: "top", symbolType: "square", offset: 8 }, words),
      header: { labelColor: of("--ink"), titleColor: of("--muted"), labelFont: of("--sans"), labelFontSize: 13, labelFontWeight: 600 },
      bar: { color: of("--accent") }, rule: { color: of("--muted") }, text: { color: of("--ink"), font: of("--sans") },
      line: { color: of("--accent") }, point: { color: of("--accent") }
    };
  }
  function draw(figure) {
    var place = $(".plot.vega", figure);
    if (!place || !window.vegaEmbed) return;
    var style = getComputedStyle(root);
    var spec = resolved(json($("script.spec", figure)), style);
    spec.datasets = Object.assign({}, spec.datasets, { table: rowsOf(figure) });
    place.replaceChildren();
    window.vegaEmbed(place, spec, {
      actions: false, renderer: "svg", mode: "vega-lite", config: chartConfig(style), ast: false,
      loader: { sanitize: function () { return Promise.reject(new Error("no address is loaded")); } }
    }).catch(function (error) { place.textContent = String(error); });
  }
  var waiting;
  function drawAll() { $$("figure.figure").forEach(draw); }
  function drawWhenSeen() {
    if (waiting) waiting.disconnect();
    if (!("IntersectionObserver" in window)) { drawAll(); return; }
    waiting = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) { waiting.unobserve(entry.target); draw(entry.target); }
      });
    }, { rootMargin: "600px" });
    $$("figure.figure").forEach(function (one) { waiting.observe(one); });
  }

  // Search on every page.
  function setUpSearch() {
    var box = $("#find");
    var list = $("#found");
    if (!box) return;
    var chosen = -1;
    var hits = [];
    var close = function () { list.hidden = true; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); chosen = -1; };
    var mark = function () {
      $$("li", list).forEach(function (one, place) {
        one.setAttribute("aria-selected", String(place === chosen));
        if (place === chosen) { box.setAttribute("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); }
      });
    };
    var go = function (hit) { if (hit) location.href = meta.root + hit[2]; };
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      hits = wanted ? match(window.GOVINDEX_REGIONS || [], wanted, function (one) { return one[3]; }).slice(0, 12) : [];
      list.replaceChildren.apply(list, hits.map(function (hit, place) {
        var item = element("li", null, { role: "option", id: "found-" + place, "aria-selected": "false" });
        item.append(element("span", hit[1]), element("span", hit[4] === null ? "—" : say("第 " + hit[4] + " 名", "rank " + hit[4])));
        item.addEventListener("mousedown", function (event) { event.preventDefault(); go(hit); });
        return item;
      }));
      chosen = hits.length ? 0 : -1;
      list.hidden = !hits.length;
      box.setAttribute("aria-expanded", String(!!hits.length));
      mark();
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (hits.length) { chosen = (chosen + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length; mark(); }
      } else if (event.key === "Enter") { event.preventDefault(); go(hits[Math.max(chosen, 0)]); }
      else if (event.key === "Escape") { close(); }
    });
    box.addEventListener("blur", close);
  }
  // Those whose name, code or pinyin begins so come before those that hold it somewhere.
  function match(rows, wanted, text) {
    var words = wanted.split(/\s+/);
    var first = [];
    var others = [];
    rows.forEach(function (row) {
      var found = text(row);
      if (words.every(function (word) { return found.indexOf(word) >= 0; })) {
        ((" " + found).indexOf(" " + words[0]) >= 0 ? first : others).push(row);
      }
    });
    return first.concat(others);
  }

  // The ranking.
  var CHUNK = 120;
  function setUpRanking() {
    var source = $("#data");
    var table = $("table.ranking");
    if (!source || !table) return;
    var data = json(source);
    var regions = data.regions;
    regions.forEach(function (one, place) { one.at = place; });
    var state = { sort: "rank", down: false, what: "scores", level: "1", search: "", filters: {} };
    var current = [];
    var drawn = 0;

    function columns() {
      var decimals = data.decimals;
      var number = function (value, form) {
        if (value === null || value === undefined) return "—";
        if (form === "rates") return rounded(100 * value, 2) + "%";
        return form === "ranks" ? String(value) : rounded(value, decimals);
      };
      var found = [
        { key: "rank", zh: "排名", en: "Rank", of: function (r) { return r.rank; }, text: function (r) { return number(r.rank, "ranks"); } },
        { key: "name", zh: "地区", en: "Region", of: function (r) { return english() ? r.en : r.name; } }
      ];
      var NAMES = { parent_region: ["省份", "Province"], region_class: ["类别", "Class"], band: ["类型", "Band"], grade: ["等级", "Grade"] };
      data.columns.forEach(function (name, place) {
        found.push({ key: name, zh: NAMES[name][0], en: NAMES[name][1], plain: true, of: function (r) { return r.in[place]; }, text: function (r) { return r.in[place] || "—"; } });
      });
      found.push({ key: "score", zh: "总分", en: "Total", of: function (r) { return r.score; }, text: function (r) { return number(r.score); } });
      if (regions.some(function (r) { return r.rank_change !== null && r.rank_change !== undefined; })) {
        found.push(
          { key: "rank_change", zh: "位次变化", en: "Change of rank", of: function (r) { return r.rank_change; }, text: function (r) { return r.rank_change === null ? "—" : signed(r.rank_change, 0); }, moved: true },
          { key: "score_change", zh: "得分变化", en: "Change of score", of: function (r) { return r.score_change; }, text: function (r) { return r.score_change === null ? "—" : signed(r.score_change, decimals); }, moved: true }
        );
      }
      data.indicators.filter(function (one) { return String(one.level) === state.level; }).forEach(function (one) {
        var values = data[state.what][one.code];
        found.push({ key: "i:" + one.code, zh: one.name, en: one.en, of: function (r) { return values[r.at]; }, text: function (r) { return number(values[r.at], state.what); } });
      });
      return found;
    }
    function compare(column) {
      var collator = new Intl.Collator(english() ? "en" : "zh");
      return function (a, b) {
        var x = column.of(a);
        var y = column.of(b);
        var none = function (v) { return v === null || v === undefined || v === ""; };
        if (none(x) || none(y)) return none(x) && none(y) ? a.at - b.at : none(x) ? 1 : -1;
        var order;
        if (column.key === "name") order = collator.compare(a.en, b.en);
        else if (column.key === "band" || column.key === "grade") order = places[column.key][x] - places[column.key][y];
        else order = typeof x === "string" ? collator.compare(x, y) : x - y;
        return (state.down ? -order : order) || a.at - b.at;
      };
    }
    // Bands and grades in the order in which they rank.
    var places = {};
    data.columns.forEach(function (name, place) {
      places[name] = {};
      regions.forEach(function (r) {
        if (r.in[place] && !(r.in[place] in places[name])) places[name][r.in[place]] = Object.keys(places[name]).length;
      });
    });
    function head(shownColumns) {
      var line = element("tr");
      shownColumns.forEach(function (column) {
        var cell = element("th", null, { scope: "col" });
        if (column.key !== "name" && !column.plain) cell.className = "n";
        if (state.sort === column.key) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
        var button = element("button", say(column.zh, column.en), { type: "button" });
        button.addEventListener("click", function () {
          if (state.sort === column.key) state.down = !state.down;
          else { state.sort = column.key; state.down = !(column.key === "rank" || column.key === "name" || column.plain || state.what === "ranks"); }
          update();
          var again = $$("thead th", table)[shownColumns.indexOf(column)];
          if (again) $("button", again).focus();
        });
        cell.append(button);
        line.append(cell);
      });
      $("thead", table).replaceChildren(line);
    }
    function line(region, shownColumns) {
      var made = element("tr");
      shownColumns.forEach(function (column) {
        var cell;
        if (column.key === "name") {
          cell = element("th", null, { scope: "row" });
          cell.append(element("a", say(region.name, region.en), { href: meta.root + region.place }));
          if (region.provisional) cell.append(" ", element("small", say("暂定", "provisional")));
          if (region.score === null) cell.append(" ", element("small", say("缺失", "missing")));
        } else {
          cell = element("td", column.text(region));
          if (!column.plain) cell.className = "n";
          if (column.moved && column.of(region)) cell.classList.add(column.of(region) > 0 ? "rise" : "fall");
        }
        made.append(cell);
      });
      return made;
    }
    var shownColumns = [];
    function more(count) {
      var part = document.createDocumentFragment();
      current.slice(drawn, drawn + count).forEach(function (region) { part.append(line(region, shownColumns)); });
      drawn = Math.min(current.length, drawn + count);
      $("tbody", table).append(part);
    }
    function update() {
      shownColumns = columns();
      if (!shownColumns.some(function (one) { return one.key === state.sort; })) { state.sort = "rank"; state.down = false; }
      var column = shownColumns.filter(function (one) { return one.key === state.sort; })[0];
      var wanted = state.search.trim().toLowerCase();
      current = wanted ? match(regions, wanted, function (r) { return r.find; }) : regions.slice();
      data.columns.forEach(function (name, place) {
        if (state.filters[name]) current = current.filter(function (r) { return r.in[place] === state.filters[name]; });
      });
      current.sort(compare(column));
      head(shownColumns);
      $("tbody", table).replaceChildren();
      drawn = 0;
      more(CHUNK);
      $("#ranking").scrollTop = 0;
      $("#count").textContent = say(current.length + " 个地区（共 " + regions.length + "）", current.length + " of " + regions.length + " regions");
    }
    var form = $("#choose");
    $("#search").addEventListener("input", function (event) { state.search = event.target.value; update(); });
    $$("select[data-filter]", form).forEach(function (one) {
      one.addEventListener("change", function () { state.filters[one.dataset.filter] = one.value; update(); });
    });
    $("#columns").addEventListener("change", function (event) { state.level = event.target.value; update(); });
    $("#what").addEventListener("change", function (event) { state.what = event.target.value; update(); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("reset", function () {
      setTimeout(function () {
        state = { sort: "rank", down: false, what: $("#what").value, level: $("#columns").value, search: "", filters: {} };
        update();
      });
    });
    $("#save").addEventListener("click", function () {
      var heads = [say("地区代码", "code")].concat(shownColumns.map(function (one) { return say(one.zh, one.en); }));
      download(fileName("ranking"), [heads].concat(current.map(function (r) {
        return [r.code].concat(shownColumns.map(function (one) { return one.of(r); }));
      })));
    });
    var area = $("#ranking");
    area.addEventListener("scroll", function () {
      if (area.scrollTop + area.clientHeight > area.scrollHeight - 600) more(CHUNK);
    }, { passive: true });
    area.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      var links = $$("tbody a", table);
      var at = links.indexOf(document.activeElement);
      if (at + step >= links.length - 5) { more(CHUNK); links = $$("tbody a", table); }
      var next = links[Math.max(0, Math.min(links.length - 1, at + step))];
      if (next) { event.preventDefault(); next.focus(); }
    });
    window.addEventListener("beforeprint", function () { more(current.length); });
    document.addEventListener("govindex:language", update);
    update();
  }

  document.addEventListener("DOMContentLoaded", function () {
    meta = json($("#meta"));
    document.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.classList.contains("cite")) { copy(citation(button)); return; }
      var figure = button.closest("figure");
      if (button.dataset.do === "download") downloadFigure(figure);
      if (button.dataset.do === "table") {
        var place = $(".data", figure);
        place.hidden = !place.hidden;
        button.setAttribute("aria-expanded", String(!place.hidden));
      }
    });
    $("#language").addEventListener("click", function () {
      language = english() ? "zh" : "en";
      store.set("language", language);
      translate();
    });
    $("#theme").addEventListener("click", function () {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      store.set("theme", root.dataset.theme);
      drawWhenSeen();
    });
    setUpRanking();
    setUpSearch();
    translate();
    document.addEventListener("govindex:language", drawWhenSeen);
    // Lists of other scripts.
    document.addEventListener("govindex:download", function (event) { download(fileName(event.detail.name), event.detail.rows); });
    // The chart script comes after this one.
    window.addEventListener("load", drawWhenSeen);
    // Paper is white.
    var before;
    window.addEventListener("beforeprint", function () {
      before = root.dataset.theme;
      root.dataset.theme = "light";
      drawAll();
    });
    window.addEventListener("afterprint", function () { root.dataset.theme = before; drawWhenSeen(); });
  });
})();

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
  var saidTwice = function (name, zh, en, attributes) {
    var made = element(name, null, attributes);
    made.append(element("span", zh, { class: "zh" }), element("span", en, { class: "en" }));
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
    // Indicators in long tables are named once, in the data of the site.
    $$("tr[data-i] > th > a, text[data-i]").forEach(function (one) {
      if (one.children.length) return;
      var known = (window.GOVINDEX_INDICATORS || {})[one.closest("[data-i]").dataset.i];
      if (known) one.textContent = known[english() ? 1 : 0];
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

  // Citations: any value of any table, and any figure, by where it stands on the page.
  var VALUES = "main td:not([colspan]), main .keys .big, main .keys .change, main .facts dd, main .card dd, main .revision dd";
  function words(one) { return one ? shown(one).replace(/\s+/g, " ") : ""; }
  function nearest(one, name) {
    var holder = one.closest("[data-" + name + "]");
    return holder ? holder.dataset[name] : "";
  }
  function regionNamed(code) {
    var known = (window.GOVINDEX_REGIONS || []).filter(function (one) { return one[0] === code; })[0];
    return known ? known[1] + " " + code : code;
  }
  // What a value is called: the head of its row and of its column, or its term.
  function called(cell) {
    if (cell.tagName !== "TD") return [words($("dt", cell.closest("div"))), cell.classList.contains("change") ? say("变化", "change") : ""];
    var row = cell.parentNode;
    var heads = $$("thead th, tr:first-child > th", cell.closest("table"));
    var first = $("th[scope=row]", row);
    var named = row.dataset.i || row.dataset.r || !first ? "" : words(first);
    var column = heads[cell.cellIndex];
    return [nearest(cell, "what"), named, column ? words(column) : ""];
  }
  function described(cell) {
    var row = cell.closest("tr");
    var heads = row && cell.tagName === "TD" ? $$("thead th", cell.closest("table")) : [];
    var column = heads[cell.cellIndex];
    var why = cell.title || words(row && $(".why", row));
    var value = words(cell);
    if (value === "—" && why) value = say("缺失（", "missing (") + why + say("）", ")");
    return {
      file: (column && column.dataset.source) || nearest(cell, "source") || "manifest.json",
      indicator: (column && column.dataset.i) || (row && row.dataset.i) || meta.indicator,
      region: row && row.dataset.r ? regionNamed(row.dataset.r) : meta.region,
      what: called(cell).filter(Boolean).join(say("，", ", ")),
      value: value
    };
  }
  function citation(cited) {
    var checksum = cited.file === "manifest.json" ? meta.content : meta.files[cited.file];
    var parts = [meta.name[english() ? 1 : 0] + " " + meta.edition, say("修订版 ", "revision ") + meta.revision];
    if (meta.synthetic) parts.push(say("合成数据", "synthetic data"));
    if (meta.group !== "all") parts.push(meta.group);
    if (cited.region) parts.push(cited.region);
    var names = (window.GOVINDEX_INDICATORS || {})[cited.indicator] || [cited.indicator, cited.indicator];
    var indicator = say(names[0] + "（" + cited.indicator + "）", names[1] + " (" + cited.indicator + ")");
    parts.push(indicator + (cited.what ? say("，", ", ") + cited.what : "") + (cited.value ? say("：", ": ") + cited.value : ""));
    parts.push(cited.file + (checksum ? " sha256:" + checksum : ""));
    return parts.join(say("；", "; ")) + say("。", ".");
  }
  function cite(button) {
    var value = button.closest("dd") && $(".big", button.closest("dd"));
    var figure = button.closest(".figure");
    copy(citation(value ? described(value) : { file: nearest(figure, "source"), indicator: meta.indicator, region: meta.region, what: words($("h2", figure)), value: "" }));
  }
  // A value that the pointer is on, or that was reached by keyboard, has one button beside it.
  function setUpValues() {
    var float = saidTwice("button", "引用", "Cite", { type: "button", id: "cite-value", tabindex: "-1", hidden: "" });
    var chosen = null;
    var main = $("main");
    main.append(float);
    function choose(cell) {
      if (chosen) chosen.classList.remove("chosen-value");
      chosen = cell && words(cell) ? cell : null;
      float.hidden = !chosen;
      if (!chosen) return;
      chosen.classList.add("chosen-value");
      var at = chosen.getBoundingClientRect();
      var left = chosen.tagName === "TD" && getComputedStyle(chosen).textAlign === "right" ? at.right - float.offsetWidth : at.left;
      float.style.left = Math.max(0, left) + window.scrollX + "px";
      float.style.top = at.top + window.scrollY - float.offsetHeight + 2 + "px";
    }
    var valueAt = function (event) { return event.target.closest ? event.target.closest(VALUES) : null; };
    main.addEventListener("pointerover", function (event) {
      if (event.target.closest("#cite-value")) return;
      choose(valueAt(event));
    });
    main.addEventListener("pointerleave", function () { choose(null); });
    main.addEventListener("focusin", function (event) { if (!event.target.closest("#cite-value")) choose(valueAt(event)); });
    document.addEventListener("scroll", function () { choose(chosen === document.activeElement ? chosen : null); }, { capture: true, passive: true });
    float.addEventListener("click", function () { if (chosen) copy(citation(described(chosen))); });
    main.addEventListener("keydown", function (event) {
      var cell = event.target;
      if (!cell.matches(VALUES)) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); copy(citation(described(cell))); return; }
      var step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      var next = cell.tagName === "TD" ? beside(cell, step) : null;
      if (next) { cell.tabIndex = -1; next.tabIndex = 0; next.focus(); choose(next); }
    }, true);
    document.addEventListener("govindex:rows", reachValues);
    reachValues();
  }
  function beside(cell, step) {
    if (step[1]) {
      var next = cell;
      do { next = step[1] > 0 ? next.nextElementSibling : next.previousElementSibling; } while (next && !next.matches(VALUES));
      return next;
    }
    var row = cell.parentNode;
    do { row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling; } while (row && (row.hidden || !(row.cells[cell.cellIndex] && row.cells[cell.cellIndex].matches(VALUES))));
    return row && row.cells[cell.cellIndex];
  }
  // One tab stop a table; arrows move from there.
  function reachValues() {
    $$("main table").forEach(function (table) {
      if ($("td[tabindex]", table)) return;
      var first = $$("tbody td:not([colspan]), td:not([colspan])", table)[0];
      if (first && first.closest("table") === table) first.tabIndex = 0;
    });
  }
  // What is wider or higher than its place is scrolled by keyboard too.
  function reachScrolled() {
    $$(".plot, .data, .within, .scroll-x, .wide-table, .tall, main pre").forEach(function (one) {
      var over = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
      if (over && !one.hasAttribute("tabindex")) one.tabIndex = 0;
      if (over && !one.hasAttribute("role")) {
        var heading = $("h2, summary", one.closest("figure, section, details") || document);
        one.setAttribute("role", "group");
        one.setAttribute("aria-label", (heading ? words(heading) : "") || one.tagName.toLowerCase());
      }
    });
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
    // Every row says it, the heading too, as in the published tables.
    if (meta.synthetic) rows = rows.map(function (row, place) { return row.concat(place ? "true" : "synthetic"); });
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

  // Long tables of regions stand in the page as data.
  function printed(value, form) {
    if (value === null || value === undefined) return "—";
    if (form === "text") return String(value);
    if (form === "rate") return rounded(100 * value, 2) + "%";
    if (form === "points") return signed(100 * value, 2);
    if (form === "whole") return rounded(value, 0);
    if (form === "signed_whole") return signed(value, 0);
    if (form === "signed") return signed(value, meta.decimals);
    return rounded(value, form === "number" ? 4 : meta.decimals);
  }
  function fillTables() {
    var known = {};
    (window.GOVINDEX_REGIONS || []).forEach(function (one) { known[one[0]] = [one[1], one[5]]; });
    var indicators = window.GOVINDEX_INDICATORS || {};
    $$("table[data-rows]").forEach(function (table) {
      var forms = $$("thead th", table).map(function (one) { return one.dataset.f || "text"; });
      var part = document.createDocumentFragment();
      json(table.nextElementSibling).forEach(function (row) {
        var line = element("tr");
        line.dataset[table.dataset.rows] = row[0];
        row.forEach(function (value, place) {
          var cell;
          if (!place) {
            var names = (table.dataset.rows === "r" ? known : indicators)[value] || [value, value];
            cell = element("th", null, { scope: "row" });
            if (names[0] === names[1]) cell.textContent = names[0];
            else cell.append(element("span", names[0], { class: "zh" }), element("span", names[1], { class: "en" }));
          } else {
            cell = element("td", printed(value, forms[place]));
            if (forms[place] === "text") cell.className = "t";
            else cell.dataset.v = value === null ? "" : value;
          }
          line.append(cell);
        });
        part.append(line);
      });
      $("tbody", table).append(part);
    });
  }

  // A figure: its rows as its table has them, in the language or unrounded.
  function shown(cell) {
    var both = $(english() ? ".en" : ".zh", cell) || $("a", cell);
    return (both || cell).textContent.trim();
  }
  // What a cell of numbers holds: the published value, or what is printed if that is all of it.
  function cellValue(cell) {
    if ("v" in cell.dataset) return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    var text = cell.textContent.trim();
    if (text === "" || text === "—") return null;
    var number = Number(text.replace("\u2212", "-").replace(/%$/, ""));
    return /%$/.test(text) ? Number((number / 100).toPrecision(12)) : number;
  }
  function keysOf(figure) {
    return $$("thead th", figure).map(function (one, place) { return one.dataset.k || String(place); });
  }
  function rowsOf(figure) {
    var keys = keysOf(figure);
    return $$("tbody tr:not(.trace)", figure).map(function (row) {
      var found = {};
      Array.prototype.forEach.call(row.children, function (cell, place) {
        found[keys[place]] = cell.tagName === "TD" && !cell.classList.contains("t") ? cellValue(cell) : shown(cell);
      });
      return found;
    });
  }
  // The table of a drawing whose values stand in a longer table of the page: the rows it draws,
  // and of these the columns it draws.
  function excerpt(figure) {
    var whole = $("table", document.getElementById(figure.dataset.table));
    var heads = $$("thead th", whole);
    var places = figure.dataset.columns.split(" ").map(function (key) {
      return heads.findIndex(function (one) { return one.dataset.k === key; });
    }).filter(function (place) { return place >= 0; });
    var table = element("table", null, { class: "numbers" });
    var head = element("tr");
    places.forEach(function (place) { head.append(heads[place].cloneNode(true)); });
    table.append(element("thead"), element("tbody"));
    table.tHead.append(head);
    $$("text[data-i]", figure).forEach(function (drawn) {
      var row = $('tbody tr[data-i="' + drawn.dataset.i + '"]', whole);
      var line = element("tr", null, { "data-i": drawn.dataset.i });
      places.forEach(function (place) { line.append(row.cells[place].cloneNode(true)); });
      table.tBodies[0].append(line);
    });
    var made = element("div", null, { class: "data", hidden: "" });
    made.append(table);
    figure.append(made);
  }
  // What can be done with a figure, and beside the figures at the top of a page.
  function furnish() {
    $$("figure.figure, section.figure").forEach(function (figure) {
      var made = element("div", null, { class: "actions" });
      if (figure.dataset.table) excerpt(figure);
      var table = $(".data", figure);
      if (table) {
        var named = function (language) { return $("h2 ." + language, figure) || $("h2", figure); };
        table.id = figure.id + "-table";
        var said = { tabindex: "0", role: "region", "aria-label": named("zh").textContent + "：数据表", "data-en-aria-label": named("en").textContent + ": table" };
        Object.keys(said).forEach(function (key) { table.setAttribute(key, said[key]); });
      }
      if (table) made.append(saidTwice("button", "看数据表", "Show the table", { type: "button", "data-do": "table", "aria-expanded": "false", "aria-controls": table.id }));
      made.append(
        saidTwice("button", "下载数据", "Download the data", { type: "button", "data-do": "download" }),
        saidTwice("button", "引用", "Cite", { type: "button", class: "cite" })
      );
      if (figure.tagName === "SECTION") $(".note", figure).after(made);
      else if (table) table.before(made);
      else figure.append(made);
    });
    $$(".keys .big").forEach(function (one) {
      one.after(" ", saidTwice("button", "引用", "Cite", { type: "button", class: "cite" }));
    });
  }
  function downloadFigure(figure) {
    var name = figure.id;
    var rows = rowsOf(figure);
    var keys = keysOf(figure);
    var heads = $$("thead th", figure).map(shown);
    download(fileName([meta.region.split(" ").pop(), name].filter(Boolean).join("-")), [heads].concat(rows.map(function (row) {
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
    // Small charts side by side: as many as there is room for.
    if (spec.columns) spec.columns = Math.max(1, Math.min(spec.columns, Math.floor(place.clientWidth / 260)));
    place.replaceChildren();
    window.vegaEmbed(place, spec, {
      actions: false, renderer: "svg", mode: "vega-lite", config: chartConfig(style), logLevel: 1,
      loader: { sanitize: function () { return Promise.reject(new Error("no address is loaded")); } }
    }).then(reachScrolled, function (error) { place.textContent = String(error); });
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

  // What every page has and only a script can do: search, language, light and dark.
  function setUpTools() {
    var both = function (made, name, zh, en) { made.setAttribute(name, zh); made.setAttribute("data-en-" + name, en); return made; };
    var find = element("div", null, { class: "find" });
    var box = element("input", null, { id: "find", type: "search", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" });
    both(both(box, "placeholder", "查找地区", "Find a region"), "aria-label", "查找地区：名称、拼音或代码", "Find a region: name, pinyin or code");
    find.append(box, both(element("ul", null, { id: "found", role: "listbox", hidden: "" }), "aria-label", "找到的地区", "Regions found"));
    var theme = both(element("button", null, { type: "button", id: "theme" }), "aria-label", "切换明暗", "Light or dark");
    theme.append(element("span", "◐", { "aria-hidden": "true" }));
    var tools = element("div", null, { class: "tools" });
    tools.append(find, element("button", "EN", { type: "button", id: "language" }), theme);
    $(".top .wrap").append(tools);
  }
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
  var CHUNK = 80;
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
        { key: "name", zh: "地区", en: "Region", of: function (r) { return english() ? r.en : r.name; } },
        { key: "score", zh: "总分", en: "Total", of: function (r) { return r.score; }, text: function (r) { return number(r.score); } }
      ];
      data.columns.forEach(function (name, place) {
        found.push({ key: name, source: "rankings.csv", zh: data.called[place][0], en: data.called[place][1], plain: true, of: function (r) { return r.in[place]; }, text: function (r) { return english() ? data.english[r.in[place]] || r.in[place] || "—" : r.in[place] || "—"; } });
      });
      // What no region has, as the change of scores of another scale, is no column.
      found = found.concat(
        [
          { key: "rank_change", source: "statistics.csv", zh: "位次变化", en: "Change of rank", of: function (r) { return r.rank_change; }, text: function (r) { return typeof r.rank_change !== "number" ? "—" : signed(r.rank_change, 0); }, moved: true },
          { key: "score_change", source: "statistics.csv", zh: "得分变化", en: "Change of score", of: function (r) { return r.score_change; }, text: function (r) { return typeof r.score_change !== "number" ? "—" : signed(r.score_change, decimals); }, moved: true }
        ].filter(function (one) { return regions.some(function (r) { return r[one.key] !== null && r[one.key] !== undefined; }); })
      );
      data.indicators.filter(function (one) { return String(one.level) === state.level; }).forEach(function (one) {
        var values = data[state.what][one.code];
        found.push({ key: "i:" + one.code, indicator: one.code, zh: one.name, en: one.en, of: function (r) { return values[r.at]; }, text: function (r) { return number(values[r.at], state.what); } });
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
    // Why there is no score.
    function reason(code, region) {
      var place = (data.why[code] || {})[region.at];
      return place === undefined ? say("没有数值", "no value") : data.reasons[place][english() ? 1 : 0];
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
        if (column.indicator) cell.dataset.i = column.indicator;
        if (column.source) cell.dataset.source = column.source;
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
    // Why there is no change on the edition before.
    function unmoved(region) {
      if (region.score === null) return reason("total", region);
      if (region.rank_change === null) return say("上一版没有它的名次", "no rank in the edition before");
      return say("两版满分不同，得分不可比", "the full marks of the editions differ: scores do not compare");
    }
    function line(region, shownColumns) {
      var made = element("tr", null, { "data-r": region.code });
      shownColumns.forEach(function (column) {
        var cell;
        if (column.key === "name") {
          cell = element("th", null, { scope: "row" });
          cell.append(element("a", say(region.name, region.en), { href: meta.root + region.place }));
          if (region.provisional) cell.append(" ", element("small", say("暂定", "provisional")));
          if (region.score === null) cell.append(" ", element("small", say("缺失：", "missing: ") + reason("total", region), { class: "why" }));
        } else {
          cell = element("td", column.text(region));
          if (!column.plain) cell.className = "n";
          if (column.of(region) === null && column.indicator) cell.title = reason(column.indicator, region);
          if (column.of(region) === null && column.moved) cell.title = unmoved(region);
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
      reachValues();
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

  // An address out of collected files is text; a click makes a link of it, and only of a page.
  function address(text) {
    if (!/^https?:\/\//i.test(text)) return element("span", text);
    return element("button", text, { type: "button", class: "address", title: say("点击后成为链接", "Click to make it a link") });
  }
  function openAddress(button) {
    var link = element("a", button.textContent, { rel: "noopener noreferrer nofollow", target: "_blank" });
    link.href = button.textContent;
    button.replaceWith(link);
    link.focus();
  }

  // The trace of a region: from a score to its parts, points, readings and places in raw files.
  var WORDS = {
    technical: ["技术采集", "technical"], manual: ["人工采集", "manual"], verification: ["复核", "verification"], verified: ["复核", "verified"],
    observed: ["采到", "observed"], not_found: ["未找到", "not found"], not_collected: ["未采集", "not collected"],
    refused: ["拒绝访问", "refused"], blank: ["空", "blank"], adjudicated: ["裁定未采用", "adjudicated"], outvoted: ["少数读数", "outvoted"]
  };
  function word(code) { return WORDS[code] ? say(WORDS[code][0], WORDS[code][1]) : code; }
  function inflate(text) {
    if (!("DecompressionStream" in window)) return Promise.reject(new Error(say("浏览器版本过旧，不能展开；请用 govindex explain", "This browser is too old to open it; use govindex explain")));
    var bytes = Uint8Array.from(atob(text), function (one) { return one.charCodeAt(0); });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  }
  function setUpTrace() {
    var source = $("#trace");
    var table = $("table.tree");
    if (!source || !table) return;
    var loaded;
    var load = function () {
      loaded = loaded || inflate(source.textContent.trim()).then(function (data) {
        var readings = {};
        (data.readings.point || []).forEach(function (point, at) { (readings[point] = readings[point] || []).push(at); });
        data.of = readings;
        var last = {};
        data.readings.row = (data.readings.step || []).map(function (step, at) {
          var file = data.readings.file[at];
          last[file] = (last[file] || 0) + step;
          return last[file];
        });
        return data;
      });
      return loaded;
    };
    var shared = window.GOVINDEX_TRACE || { formulas: {}, points: [] };
    var places = {};
    shared.points.forEach(function (one, at) { places[one.code] = at; });
    function button(row) {
      var made = saidTwice("button", "追溯", "Trace", { type: "button", class: "open", "aria-expanded": "false" });
      made.addEventListener("click", function () {
        var next = row.nextElementSibling;
        if (next && next.classList.contains("trace")) {
          next.remove();
          made.setAttribute("aria-expanded", "false");
          return;
        }
        load().then(function (data) { return explain(row, data); }, function (error) { return element("p", error.message); }).then(function (content) {
          var line = element("tr", null, { class: "trace" });
          var cell = element("td", null, { colspan: row.cells.length });
          cell.append(content);
          line.append(cell);
          row.after(line);
          made.setAttribute("aria-expanded", "true");
          reachScrolled();
          reachValues();
        });
      });
      row.cells[0].append(" ", made);
    }
    function explain(row, data) {
      var code = row.dataset.i;
      var formula = shared.formulas[code];
      var made = document.createDocumentFragment();
      if (!formula) return made;
      made.append(element("p", formula.words[english() ? 1 : 0]));
      var children = $$("tbody tr[data-i]", table).filter(function (one) { return parents[one.dataset.i] === code; });
      if (children.length) {
        var full = cellValue(row.cells[2]);
        var parts = children.map(function (child) {
          var share = child.dataset.i in data.shares ? data.shares[child.dataset.i] : weights[child.dataset.i];
          var rate = cellValue(child.cells[3]);
          return { name: shown(child.cells[0]), share: share, brings: rate === null || share === null ? null : share * rate * full };
        });
        var decimals = meta.decimals;
        var list = element("div", null, { class: "within", "data-source": "indicator_scores.csv" });
        var inner = element("table");
        var head = element("tr");
        [say("下级", "Part"), say("占比", "Share"), say("贡献", "Brings")].forEach(function (one) { head.append(element("th", one, { scope: "col" })); });
        inner.append(head);
        parts.forEach(function (one) {
          var line = element("tr");
          line.append(element("th", one.name, { scope: "row" }), element("td", one.share === null ? "—" : rounded(100 * one.share, 2) + "%"), element("td", one.brings === null ? "—" : rounded(one.brings, decimals)));
          inner.append(line);
        });
        var sum = element("tr");
        var total = parts.reduce(function (found, one) { return found + (one.brings || 0); }, 0);
        sum.append(element("th", say("合计", "Sum"), { scope: "row" }), element("td", ""), element("td", row.cells[1].textContent.trim() === "—" ? "—" : rounded(total, decimals)));
        inner.append(sum);
        list.append(inner);
        made.append(list);
      } else {
        var expression = element("details");
        expression.append(element("summary", "SQL"), element("pre", formula.sql));
        made.append(expression);
        formula.points.forEach(function (point) { made.append(pointOf(places[point], data)); });
      }
      var where = element("p", say("所用 SQL：", "SQL as it ran: "), { class: "note" });
      where.append(element("a", formula.file, { href: meta.root + "../" + formula.file }));
      made.append(where);
      return made;
    }
    function pointOf(at, data) {
      var point = shared.points[at];
      var found = data.points[at] || [null, "not_collected", null, null];
      var made = element("details");
      var summary = element("summary");
      var state = found[3] && shared.whys[found[3]] ? shared.whys[found[3]][english() ? 1 : 0] : found[2] ? word(found[2]) : "";
      summary.append(
        element("span", point.name[english() ? 1 : 0]),
        element("span", (found[0] === null ? word(found[1]) : String(found[0])) + (found[0] !== null && point.unit[0] !== "0/1" ? " " + point.unit[english() ? 1 : 0] : ""), { class: "n" }),
        element("span", state, { class: found[0] === null ? "why" : "muted" })
      );
      made.append(summary);
      made.addEventListener("toggle", function () {
        if (!made.open || $(".within", made)) return;
        made.append(readingsOf(at, point, found, data));
        reachValues();
      });
      return made;
    }
    function readingsOf(at, point, found, data) {
      var within = element("div", null, { class: "within", "data-source": "readings.parquet", "data-what": point.name[english() ? 1 : 0] });
      var rule = found[2] === "verified" ? "verification" : found[2] || point.method;
      within.append(element("p", point.looked_for[english() ? 1 : 0]));
      if (rule in point.rules) within.append(element("p", say("读数如何成值：", "How readings become the value: ") + shared.rules[point.rules[rule]][english() ? 1 : 0], { class: "note" }));
      var rows = data.of[at] || [];
      var r = data.readings;
      var heads = [["方式", "Kind"], ["轮次", "Round"], ["采集者", "By"], ["读数", "Read"], ["状态", "Status"], ["采用", "Counts"], ["时间", "Time"], ["证据", "Evidence"], ["原始文件与行", "Raw file and row"]];
      var table = element("table");
      var head = element("tr");
      heads.forEach(function (one) { head.append(element("th", say(one[0], one[1]), { scope: "col" })); });
      table.append(head);
      rows.forEach(function (i) {
        var line = element("tr", null, r.counts[i] ? {} : { class: "unused" });
        var file = shared.files[r.file[i]];
        var evidence = element("td");
        if (r.evidence[i]) evidence.append(address(r.evidence[i]));
        if (r.note[i]) evidence.append(element("div", r.note[i]));
        var place = element("td", file[0] + (r.sheet[i] ? say("，工作表 ", ", sheet ") + r.sheet[i] : "") + say("，第 ", ", row ") + r.row[i] + say(" 行，列 ", ", column ") + r.column[i]);
        place.title = "sha256 " + file[1];
        line.append(
          element("td", word(r.kind[i])), element("td", r.round[i]), element("td", r.assessor[i]), element("td", r.value[i]),
          element("td", word(r.status[i])), element("td", r.counts[i] ? say("是", "yes") : word(r.set_aside[i] || "") || say("否", "no")),
          element("td", r.read_at[i]), evidence, place
        );
        table.append(line);
        (r.correction[i] || "").split(",").filter(Boolean).forEach(function (number) {
          var one = shared.corrections[Number(number) - 1];
          var ruled = element("tr");
          var cell = element("td", say("更正：", "Correction: ") + one.column + " " + one.before + " → " + one.after + say("；", "; ") + one.reason + say("（", " (") + one.source + say("）", ")"), { colspan: heads.length });
          ruled.append(cell);
          table.append(ruled);
        });
      });
      if (rows.length) within.append(table);
      data.quarantined.filter(function (one) { return one[6] === null || one[6] === point.code; }).forEach(function (one) {
        within.append(element("p", say("已隔离：", "In quarantine: ") + one[0] + (one[1] ? " " + one[1] : "") + say("，第 ", ", row ") + one[2] + say(" 行，", ", ") + one[3] + " = " + one[4] + say("；", "; ") + say(one[5][0], one[5][1]), { class: "why" }));
      });
      data.excluded.forEach(function (one) {
        within.append(element("p", say("整行按更正排除：", "Row left out by a correction: ") + one.file + say("，第 ", ", row ") + one.row + say(" 行；", "; ") + one.reason, { class: "why" }));
      });
      return within;
    }
    var parents = {};
    var weights = {};
    Object.keys(window.GOVINDEX_INDICATORS || {}).forEach(function (code) {
      parents[code] = window.GOVINDEX_INDICATORS[code][2];
      weights[code] = window.GOVINDEX_INDICATORS[code][3];
    });
    $$("tbody tr[data-i]", table).forEach(button);
    document.addEventListener("govindex:language", function () {
      $$("tr.trace", table).forEach(function (one) {
        $(".open", one.previousElementSibling).setAttribute("aria-expanded", "false");
        one.remove();
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    meta = Object.assign({}, window.GOVINDEX_EDITION, json($("#meta")));
    document.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.classList.contains("cite")) { cite(button); return; }
      if (button.classList.contains("address")) { openAddress(button); return; }
      var figure = button.closest(".figure");
      if (button.dataset.do === "download") downloadFigure(figure);
      if (button.dataset.do === "table") {
        var place = $(".data", figure);
        place.hidden = !place.hidden;
        button.setAttribute("aria-expanded", String(!place.hidden));
        reachScrolled();
      }
    });
    setUpTools();
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
    furnish();
    fillTables();
    setUpRanking();
    setUpSearch();
    setUpTrace();
    translate();
    document.addEventListener("govindex:language", drawWhenSeen);
    // Lists of other scripts.
    document.addEventListener("govindex:download", function (event) { download(fileName(event.detail.name), event.detail.rows); });
    setUpValues();
    window.addEventListener("load", reachScrolled);
    window.addEventListener("resize", reachScrolled);
    document.addEventListener("toggle", reachScrolled, true);
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

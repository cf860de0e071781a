/* Lists that are searched, filtered and sorted on the page: a form with data-filters="id" acts
   on the rows of the table with that id, or on the elements within it. */
(function () {
  "use strict";
  var all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };
  function filtered(form) {
    var table = document.getElementById(form.dataset.filters);
    if (!table) return;
    var rows = all("[data-row], tbody tr", table);
    var search = form.querySelector("[data-search]");
    var selects = all("select[data-filter]", form);
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var count = document.querySelector('[data-count="' + form.dataset.filters + '"]');
    function update() {
      var words = search ? search.value.trim().toLowerCase().split(/\s+/) : [];
      var shown = 0;
      rows.forEach(function (row, place) {
        var fits = words.every(function (word) { return texts[place].indexOf(word) >= 0; }) &&
          selects.every(function (one) { return !one.value || row.dataset[one.dataset.filter] === one.value; });
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      if (count) count.textContent = document.documentElement.lang === "en" ? shown + " of " + rows.length : shown + " / " + rows.length;
    }
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    document.addEventListener("govindex:language", update);
    update();
  }
  // Hidden rows are printed: paper cannot be asked for the rest.
  document.addEventListener("DOMContentLoaded", function () {
    all("form[data-filters]").forEach(filtered);
    window.addEventListener("beforeprint", function () { all("details").forEach(function (one) { one.open = true; }); });
  });
})();

// The statistics: rows come as data, because there are thousands.
(function () {
  "use strict";
  var MOST = 300;
  document.addEventListener("DOMContentLoaded", function () {
    var source = document.getElementById("statistics-data");
    if (!source) return;
    var data = JSON.parse(source.textContent);
    var english = function () { return document.documentElement.lang === "en"; };
    var body = document.querySelector("#statistics tbody");
    var search = document.getElementById("search-statistics");
    var chosen = document.getElementById("indicator-of-statistics");
    var found = [];
    var all = false;
    function number(value, form) {
      var decimals = { rate: 2, points: 2, whole: 0, score: data.decimals }[form];
      if (decimals === undefined) decimals = 4;
      var factor = Math.pow(10, decimals);
      var whole = Math.floor(Math.abs(Number((value * (form === "rate" || form === "points" ? 100 : 1) * factor).toPrecision(10))) + 0.5);
      return (whole && (value < 0 || form === "points") ? (value < 0 ? "\u2212" : "+") : "") + (whole / factor).toFixed(decimals) + (form === "rate" ? "%" : "");
    }
    function cell(name, text, css) {
      var made = document.createElement(name);
      made.textContent = text;
      if (css) made.className = css;
      return made;
    }
    function update() {
      var words = search.value.trim().toLowerCase().split(/\s+/);
      found = data.rows.filter(function (row) {
        if (chosen.value && row[0] !== chosen.value) return false;
        var names = data.statistics[row[1]];
        var text = names.slice(0, 3).concat(data.details[row[3]] || [], data.indicators[row[0]] || []).join(" ").toLowerCase();
        return words.every(function (word) { return text.indexOf(word) >= 0; });
      });
      var language = english() ? 1 : 0;
      body.replaceChildren.apply(body, (all ? found : found.slice(0, MOST)).map(function (row) {
        var names = data.statistics[row[1]];
        var line = document.createElement("tr");
        line.dataset.i = row[0];
        var head = cell("th", names[1 + language]);
        head.scope = "row";
        head.append(" ", cell("code", names[0]));
        var value = cell("td", number(row[2], names[3]), "n");
        value.dataset.v = row[2];
        var detail = row[3] === null ? ["", ""] : data.details[row[3]];
        line.append(head, cell("td", (data.indicators[row[0]] || [row[0], row[0]])[language]), value, cell("td", detail[language]));
        return line;
      }));
      var more = found.length > MOST && !all ? (english() ? ", the first " + MOST + " shown" : "，列出前 " + MOST) : "";
      document.dispatchEvent(new Event("govindex:rows"));
      document.getElementById("count-statistics").textContent = (english() ? found.length + " of " + data.rows.length : found.length + " / " + data.rows.length) + more;
    }
    document.getElementById("choose-statistics").addEventListener("submit", function (event) { event.preventDefault(); });
    search.addEventListener("input", update);
    chosen.addEventListener("change", update);
    document.addEventListener("govindex:language", update);
    document.getElementById("save-statistics").addEventListener("click", function () {
      document.dispatchEvent(new CustomEvent("govindex:download", { detail: {
        name: "statistics",
        rows: [["indicator_code", "statistic", "value", "detail"]].concat(found.map(function (row) {
          return [row[0], data.statistics[row[1]][0], row[2], row[3] === null ? "" : data.details[row[3]][0]];
        }))
      } }));
    });
    update();
  });
})();

"use strict";
const config = JSON.parse(document.getElementById("chart-config").textContent);
const options = {
  mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false, config,
  // Expressions are interpreted, so that the page may forbid code made from text.
  ast: true,
  tooltip: { disableDefaultStyle: true },
};
for (const place of document.querySelectorAll("[data-chart]")) {
  const specification = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  vegaEmbed(place, specification, options).catch((error) => {
    console.error(error);
    place.textContent = "This chart could not be drawn: " + error.message;
  });
}
// A closed table prints as if it were open.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));

"use strict";
(function () {
  window.__mapIdle = false;
  var scene = JSON.parse(document.getElementById("scene").textContent);
  var holder = document.getElementById("map");
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var empty = { type: "FeatureCollection", features: [] };

  function colours() {
    return dark.matches
      ? { land: "#232a2e", border: "#8d979e", grid: "#37434c", area: "#e69f00", ok: "#56b4e9", no: "#f0803c", suppose: "#d99cc2", shade: 0.5 }
      : { land: "#f1efe9", border: "#5d666d", grid: "#b9c5ce", area: "#a66f00", ok: "#0072b2", no: "#c44e00", suppose: "#a0458a", shade: 0.55 };
  }

  function route(id, state, c, dash) {
    var paint = { "line-color": c, "line-width": 2 };
    if (dash) { paint["line-dasharray"] = dash; }
    return { id: id, type: "line", source: "routes", filter: ["==", ["get", "state"], state], paint: paint };
  }

  function style() {
    var c = colours();
    var sources = {
      graticule: { type: "geojson", data: scene.graticule },
      borders: { type: "geojson", data: scene.borders },
      areas: { type: "geojson", data: scene.areas },
      routes: { type: "geojson", data: scene.routes },
      chosen: { type: "geojson", data: empty }
    };
    var layers = [
      { id: "paper", type: "background", paint: { "background-color": c.land } }
    ];
    if (scene.shade) {
      sources.shade = { type: "image", url: scene.shade.url, coordinates: scene.shade.corners };
      layers.push({ id: "shade", type: "raster", source: "shade", paint: { "raster-opacity": c.shade, "raster-fade-duration": 0 } });
    }
    if (scene.heat) {
      sources.heat = { type: "image", url: scene.heat.url, coordinates: scene.heat.corners };
      layers.push({ id: "heat", type: "raster", source: "heat", paint: { "raster-opacity": 0.75, "raster-fade-duration": 0, "raster-resampling": "nearest" } });
    }
    layers.push(
      { id: "graticule", type: "line", source: "graticule", paint: { "line-color": c.grid, "line-width": 0.6 } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": c.border, "line-width": 1 } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": c.area, "fill-opacity": 0.14 } },
      { id: "outlines", type: "line", source: "areas", paint: { "line-color": c.area, "line-width": 1.4 } },
      { id: "chosen", type: "line", source: "chosen", paint: { "line-color": c.area, "line-width": 9, "line-opacity": 0.45 } },
      route("report", "report", c.border, [1, 2]),
      route("cleared", "cleared", c.ok, null),
      route("not-cleared", "not-cleared", c.no, [2, 1.6]),
      route("what-if", "what-if", c.suppose, [0.6, 1.4])
    );
    return { version: 8, sources: sources, layers: layers };
  }

  var map = new maplibregl.Map({
    container: holder, style: style(), bounds: scene.near, fitBoundsOptions: { padding: 40, maxZoom: 11 },
    attributionControl: false, fadeDuration: 0, dragRotate: false, pitchWithRotate: false, renderWorldCopies: false,
    maxZoom: 13, cooperativeGestures: false
  });
  window.__map = map;
  map.touchZoomRotate.disableRotation();
  map.scrollZoom.disable();
  map.on("click", function () { map.scrollZoom.enable(); });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 140, unit: "metric" }), "bottom-left");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 140, unit: "nautical" }), "bottom-left");
  map.on("idle", function () { window.__mapIdle = true; });

  function far() { holder.classList.toggle("far", map.getZoom() < 8); holder.classList.toggle("farther", map.getZoom() < 4.3); }
  map.on("zoomend", far);
  far();

  scene.labels.forEach(function (label) {
    var element = document.createElement("div");
    element.className = "label label-" + label.kind;
    if (label.kind !== "state") { element.appendChild(document.createElement("i")); }
    var words = document.createElement("span");
    words.textContent = label.text;
    element.appendChild(words);
    if (label.says) { element.title = label.says; }
    var place = { state: ["center", [0, 0]], site: ["right", [6, 0]] }[label.kind] || ["left", [-5, 0]];
    new maplibregl.Marker({ element: element, anchor: place[0], offset: place[1] }).setLngLat(label.at).addTo(map);
  });

  var popup = new maplibregl.Popup({ closeButton: false, closeOnClick: false, maxWidth: "320px" });
  ["report", "cleared", "not-cleared", "what-if", "areas"].forEach(function (layer) {
    map.on("mousemove", layer, function (event) {
      popup.setLngLat(event.lngLat).setText(event.features[0].properties.says).addTo(map);
    });
    map.on("mouseleave", layer, function () { popup.remove(); });
  });

  function choose(way, row) {
    var features = scene.routes.features.filter(function (f) { return f.properties.way === way; });
    document.querySelectorAll("tr.chosen").forEach(function (r) { r.classList.remove("chosen"); });
    row.classList.add("chosen");
    map.getSource("chosen").setData({ type: "FeatureCollection", features: features });
    document.getElementById("chosen-way").textContent = features.length
      ? features.map(function (f) { return f.properties.says; }).join(" | ") : row.dataset.name + ": no line on the map";
    window.__chosen = way;
    if (features.length) {
      var extent = new maplibregl.LngLatBounds();
      features.forEach(function (f) { f.geometry.coordinates.forEach(function (p) { extent.extend(p); }); });
      map.fitBounds(extent, { padding: 60, maxZoom: 10, animate: false });
    }
  }
  document.querySelectorAll("[data-way]").forEach(function (button) {
    var row = button.closest("tr");
    row.dataset.name = button.textContent;
    row.addEventListener("click", function (event) {
      if (!event.target.closest("a, summary")) { choose(button.dataset.way, row); }
    });
  });
  document.querySelectorAll("[data-view]").forEach(function (button) {
    button.addEventListener("click", function () {
      map.fitBounds(scene[button.dataset.view], { padding: 40, maxZoom: 11, animate: false });
    });
  });
  dark.addEventListener("change", function () { map.setStyle(style()); });
})();

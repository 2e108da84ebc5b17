// What can be found out about a page's accessibility without a person: a list of faults.
() => {
  const faults = [];
  const fault = (text, element) =>
    faults.push(element ? `${text}: ${element.outerHTML.slice(0, 160)}` : text);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });

  if (!document.documentElement.lang) fault("no lang (WCAG 3.1.1)");
  if (!document.title.trim()) fault("no title (WCAG 2.4.2)");
  if (all("main").length !== 1) fault("not one main landmark (WCAG 1.3.1)");
  if (all("h1").length !== 1) fault("not one h1 (WCAG 1.3.1)");
  const viewport = document.querySelector("meta[name=viewport]")?.content ?? "";
  if (!/width=device-width/.test(viewport) || /maximum-scale|user-scalable/.test(viewport))
    fault(`the viewport is "${viewport}" (WCAG 1.4.4)`);
  let level = 0;
  for (const heading of all("h1,h2,h3,h4,h5,h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) fault("a heading's level is skipped", heading);
    level = next;
  }

  const ids = new Map();
  for (const element of all("[id]")) {
    if (ids.has(element.id)) fault("an id stands twice", element);
    ids.set(element.id, element);
  }
  for (const element of all("[aria-describedby],[aria-labelledby]"))
    for (const attribute of ["aria-describedby", "aria-labelledby"])
      for (const id of (element.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean))
        if (!ids.has(id)) fault(`${attribute} names nothing`, element);

  for (const field of all("input:not([type=hidden]),select,textarea")) {
    const label = [...(field.labels ?? [])].map((l) => l.textContent.trim()).join("");
    if (!label && !field.getAttribute("aria-label") && !field.getAttribute("aria-labelledby"))
      fault("a field has no label (WCAG 1.3.1, 3.3.2)", field);
    const purpose = { password: /current-password/, email: /username|email/ }[field.type];
    if (purpose && !purpose.test(field.autocomplete)) fault("its purpose is not told (WCAG 1.3.5)", field);
  }
  for (const button of all("button,a[href]"))
    if (!button.textContent.trim() && !button.getAttribute("aria-label"))
      fault("it has no name (WCAG 4.1.2)", button);
  for (const image of all("img:not([alt])")) fault("no alt (WCAG 1.1.1)", image);
  for (const list of all("fieldset")) if (!list.querySelector("legend")) fault("no legend", list);
  for (const element of all("[tabindex]"))
    if (element.tabIndex > 0) fault("its tabindex changes the order (WCAG 2.4.3)", element);
  for (const target of all("button,input:not([type=hidden]),select,a[href]")) {
    if (!isShown(target) || (target.tagName === "A" && target.closest("p,li"))) continue;
    const boxes = [target, ...(target.labels ?? [])].map((e) => e.getBoundingClientRect());
    if (!boxes.some((box) => box.width >= 24 && box.height >= 24))
      fault("it is smaller than 24 by 24 (WCAG 2.5.8)", target);
  }

  // Contrast: of every text with what lies behind it (WCAG 1.4.3).
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const canvasColour = rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark")
    && matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), canvasColour);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => {
      const x = c / 255;
      return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let compared = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !isShown(element)) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const ratio = contrast(over(rgba(style.color), back), back);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    compared += 1;
    if (ratio < (isLarge ? 3 : 4.5)) fault(`contrast ${ratio.toFixed(2)} (WCAG 1.4.3)`, element);
  }
  if (compared === 0) fault("there is no text");
  // A field's border with what lies around it (WCAG 1.4.11).
  for (const field of all("input:not([type=hidden]):not([type=checkbox]):not([type=radio])")) {
    const style = getComputedStyle(field);
    const around = behind(field.parentElement);
    const edges = [over(rgba(style.borderTopColor), around), behind(field)];
    if (Math.max(...edges.map((edge) => contrast(edge, around))) < 3)
      fault("a field cannot be told from what is around it (WCAG 1.4.11)", field);
  }
  return faults;
}

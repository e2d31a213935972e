// The contrast of every text that shows, once for each pair of colours, by the formula of WCAG 2.2.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colour, alpha, ground) => {
    canvas.globalAlpha = 1; canvas.fillStyle = `rgb(${ground})`; canvas.fillRect(0, 0, 1, 1);
    canvas.globalAlpha = alpha; canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const light = (colour) => colour.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const inPage = (element) => {
    const above = [];
    for (let one = element; one; one = one.parentElement) above.unshift(getComputedStyle(one).backgroundColor);
    return above.reduce((ground, colour) => over(colour, 1, ground), [255, 255, 255]);
  };
  const shapes = new Map();
  const inDrawing = (text, svg) => {
    if (!shapes.has(svg)) {
      shapes.set(svg, [...svg.querySelectorAll("rect, path, polygon, ellipse, circle")].map((shape) => {
        const style = getComputedStyle(shape);
        return { shape, box: shape.getBoundingClientRect(), fill: style.fill, alpha: Number(style.fillOpacity) };
      }).filter((one) => one.fill !== "none" && one.alpha > 0));
    }
    const box = text.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return shapes.get(svg).filter((one) => one.box.left <= x && x <= one.box.right && one.box.top <= y
      && y <= one.box.bottom && one.shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)
      .reduce((ground, one) => over(one.fill, one.alpha, ground), [255, 255, 255]);
  };
  const found = new Map();
  for (const element of document.querySelectorAll("body *:not(script, style)")) {
    const own = [...element.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
    if (!own || !element.getClientRects().length || element.closest("title, desc")) continue;
    const style = getComputedStyle(element), svg = element.closest("svg");
    const ground = svg ? inDrawing(element, svg) : inPage(element);
    const ink = over(svg ? style.fill : style.color, 1, ground);
    const [high, low] = [light(ink), light(ground)].sort((a, z) => z - a);
    const size = parseFloat(style.fontSize) * (svg ? element.getScreenCTM().a : 1);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const key = `${ink} ${ground} ${large}`;
    if (!found.has(key)) {
      const ratio = (high + 0.05) / (low + 0.05);
      found.set(key, { ink: `${ink}`, ground: `${ground}`, large, ratio, text: element.textContent.trim().slice(0, 40) });
    }
  }
  return [...found.values()];
}

// What a page has to keep for everyone, checked in the page itself; each check lists what fails.
// Evaluates to an object of functions.
(() => {
  const visible = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (node) => {
    const by = (attribute) => (node.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean)
      .map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const labels = [...(node.labels ?? [])].map((label) => label.textContent).join(" ");
    return [node.getAttribute("aria-label"), by("aria-labelledby"), labels, node.textContent,
      node.getAttribute("alt"), node.title].find((text) => text?.trim()) ?? "";
  };
  const describe = (node) => `${node.tagName.toLowerCase()}#${node.id}.${node.className.baseVal ?? node.className}`;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const CONTROLS = "button, input, select, textarea, a[href], summary, canvas, dialog, [role=region], [role=log], article, aside, nav";

  function channels(colour) {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  }
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a), a: 1,
  });
  function ground(node) {
    const layers = [];
    for (let up = node; up; up = up.parentElement) {
      layers.push(channels(getComputedStyle(up).backgroundColor));
      if (up.tagName === "DIALOG") break; // above everything else
    }
    return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
  }
  function luminance({ r, g, b }) {
    const [x, y, z] = [r, g, b].map((value) => {
      const v = value / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function ratio(a, b) {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  }

  return {
    unnamed: () => all(CONTROLS).filter((node) => !name(node).trim()).map(describe),
    twiceTheSameId: () => {
      const ids = all("[id]").map((node) => node.id);
      return ids.filter((id, i) => ids.indexOf(id) !== i);
    },
    brokenReferences: () => ["aria-labelledby", "aria-describedby", "aria-controls", "for"].flatMap(
      (attribute) => all(`[${attribute}]`).flatMap((node) => node.getAttribute(attribute).split(/\s+/))
        .filter((id) => !document.getElementById(id))),
    landmarks: () => ({
      main: all("main").length, h1: all("h1").length, banner: all("body > header").length,
      nav: all("nav").length, aside: all("aside").length, lang: document.documentElement.lang,
    }),
    skippedHeadings: () => {
      const levels = all("h1, h2, h3, h4, h5, h6").filter(visible).map((node) => Number(node.tagName[1]));
      return levels.filter((level, i) => i && level > levels[i - 1] + 1);
    },
    positiveTabIndex: () => all("[tabindex]").filter((node) => node.tabIndex > 0).map(describe),
    pale: () => {
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !visible(node) || node.closest("noscript, script, :disabled")) continue;
        const behind = ground(node);
        const contrast = ratio(over(channels(getComputedStyle(node).color), behind), behind);
        if (contrast < 4.5) found.push(`${describe(node)} ${contrast.toFixed(2)}`);
      }
      for (const node of all("textarea, input").filter(visible)) {
        const behind = ground(node);
        const text = channels(getComputedStyle(node, "::placeholder").color);
        if (ratio(over(text, behind), behind) < 4.5) found.push(`placeholder of ${describe(node)}`);
        const edge = channels(getComputedStyle(node).borderTopColor);
        if (node.type !== "range" && ratio(edge, ground(node.parentElement)) < 3) found.push(`edge of ${describe(node)}`);
      }
      return found;
    },
    small: () => all("button, select, input, summary, textarea").filter(visible).filter((node) => {
      const { width, height } = node.getBoundingClientRect();
      return node.closest(".sr-only") === null && (width < 24 || height < 24);
    }).map((node) => `${describe(node)} ${JSON.stringify(node.getBoundingClientRect())}`),
    wide: () => all("body *").filter(visible).filter((node) => {
      const box = node.getBoundingClientRect();
      const scrolls = node.closest(".scroll, pre, .sr-only");
      return box.width && (box.right > innerWidth + 1 || box.left < -1) && (!scrolls || scrolls === node);
    }).map(describe),
    focused: () => {
      const node = document.activeElement;
      const style = getComputedStyle(node);
      return { what: describe(node), name: name(node).trim(), seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    },
    animations: () => document.getAnimations().length,
  };
})()

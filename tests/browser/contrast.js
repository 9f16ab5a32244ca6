// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The texts on the page with a contrast below 4.5:1 (WCAG 2.1, 1.4.3), one per line.
(() => {
	const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const over = (color, below) => { // the pixel of COLOR over BELOW, in sRGB
		canvas.fillStyle = below ? `rgb(${below})` : '#fff';
		canvas.fillRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
	};
	const luminance = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const background = element => over(getComputedStyle(element).backgroundColor, element.parentElement ? background(element.parentElement) : null);
	const bad = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node; (node = walk.nextNode());) {
		const element = node.parentElement;
		if (!node.data.trim() || !element.checkVisibility({ checkVisibilityCSS: true }) || element.closest('.hidden, noscript, option')) continue;
		const below = background(element), text = over(getComputedStyle(element).color, below);
		const [dark, light] = [luminance(below), luminance(text)].sort((a, b) => a - b), ratio = (light + 0.05) / (dark + 0.05);
		if (ratio < 4.5) bad.add(`${ratio.toFixed(2)} ${element.nodeName}.${element.className} '${node.data.trim().slice(0, 20)}'`);
	}
	return [...bad].join('\n');
})()

/** Drawn for this server: 24 by 24, one stroke, readable on light and dark. */
function icon(...shapes: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#7f8794" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes.join('')}</svg>\n`
}

const path = (data: string): string => `<path d="${data}"/>`
const box = '<rect x="3" y="4" width="18" height="16" rx="2"/>'

/** Icons that templates and apps of ours name, by their file under `/icon/`. */
export const icons: ReadonlyMap<string, string> = new Map([
  ['code.svg', icon(path('M8 8l-4 4 4 4'), path('M16 8l4 4-4 4'), path('M13.5 6l-3 12'))],
  [
    'database.svg',
    icon(
      '<ellipse cx="12" cy="6" rx="8" ry="3"/>',
      path('M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6'),
      path('M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3'),
    ),
  ],
  ['desktop.svg', icon('<rect x="3" y="4" width="18" height="12" rx="2"/>', path('M8 20h8M12 16v4'))],
  ['folder.svg', icon(path('M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z'))],
  [
    'git.svg',
    icon(
      '<circle cx="7" cy="6" r="2"/>',
      '<circle cx="7" cy="18" r="2"/>',
      '<circle cx="17" cy="9" r="2"/>',
      path('M7 8v8M17 11c0 3-4 3-10 5'),
    ),
  ],
  ['intellij.svg', icon(box, path('M8 8h3M9.5 8v5M8 13h3M14 8h2v4a1 1 0 0 1-2 1M8 17h4'))],
  ['memory.svg', icon('<rect x="3" y="7" width="18" height="9" rx="1"/>', path('M7 16v3M12 16v3M17 16v3'))],
  [
    'dotfiles.svg',
    icon(path('M6 3h8l4 4v14H6z'), path('M14 3v4h4'), '<circle cx="9" cy="16" r="1"/>', path('M13 16h2')),
  ],
  [
    'jupyter.svg',
    icon(path('M4 10c2-5 14-5 16 0'), path('M4 14c2 5 14 5 16 0'), '<circle cx="18" cy="4" r="1"/>'),
  ],
  ['node.svg', icon(path('M12 3l8 4.5v9L12 21l-8-4.5v-9z'), path('M12 8v8'))],
  [
    'python.svg',
    icon(
      path('M8 12V7a3 3 0 0 1 3-3h2a3 3 0 0 1 3 3v5H8z'),
      path('M16 12v5a3 3 0 0 1-3 3h-2a3 3 0 0 1-3-3v-5'),
    ),
  ],
  ['terminal.svg', icon(box, path('M7 9l3 3-3 3M12.5 15H17'))],
])

/** What Coder has as an emoji by this file under `/emojis/`, drawn in the same way. */
export const emojis: ReadonlyMap<string, string> = new Map([
  [
    '1f916.png',
    icon('<rect x="4" y="8" width="16" height="11" rx="2"/>', path('M12 4v4M9 13h.01M15 13h.01M9 16h6')),
  ],
  ['25b6-fe0f.png', icon(path('M7 5l11 7-11 7z'))],
  ['25c0.png', icon(path('M17 5L6 12l11 7z'))],
])

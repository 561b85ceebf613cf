/** Which file of the renderer's output a request of the app scheme names, decided without touching the disk. */
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { isAppUrl } from './origin.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
}

export type AppFileDecision =
  | { readonly kind: 'file'; readonly path: string; readonly contentType: string }
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 404 | 405 }

/**
 * Only GET and HEAD, only our host, only known file kinds, only inside `root`. The path is decoded once; what is left
 * of an escape (`%`), a backslash, NUL or a drive letter is refused rather than interpreted.
 */
export function decideAppFile(request: { method: string; url: string }, root: string): AppFileDecision {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { kind: 'refuse', status: 405 }
  if (!isAppUrl(request.url)) return { kind: 'refuse', status: 403 }
  let path: string
  try {
    path = decodeURIComponent(new URL(request.url).pathname)
  } catch {
    return { kind: 'refuse', status: 400 }
  }
  if (/[\\\0%:]/.test(path)) return { kind: 'refuse', status: 400 }
  const file = resolve(root, `.${path}`)
  if (!isInside(root, file)) return { kind: 'refuse', status: 403 }
  const extension = /\.[a-z0-9]+$/.exec(file)?.[0] ?? ''
  const contentType = Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined
  return contentType === undefined
    ? { kind: 'refuse', status: 404 }
    : { kind: 'file', path: file, contentType }
}

/** True when `file` lies below `root`; a sibling folder with the same prefix does not. */
export function isInside(root: string, file: string): boolean {
  const path = relative(resolve(root), file)
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

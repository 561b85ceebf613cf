import type { WorkspaceApp } from '../../contract/workspace-apps.ts'

/** Ports below speak protocols of the first days of the net. */
const FIRST_PORT = 9

/** Services that are no web pages, by the port they are known by; somebody who forwards one knows it. */
const OTHER_SERVICES: ReadonlySet<number> = new Set([
  9, 11, 13, 15, 17, 18, 19, 20, 21, 22, 23, 25, 37, 43, 49, 53, 69, 79, 88, 109, 110, 111, 113, 115, 119,
  123, 135, 137, 138, 139, 143, 161, 162, 177, 179, 194, 199, 201, 264, 318, 383, 389, 411, 412, 427, 445,
  464, 465, 500, 512, 513, 514, 515, 520, 540, 543, 544, 546, 547, 548, 554, 563, 587, 631, 636, 646, 691,
  860, 873, 902, 989, 990, 992, 993, 995, 1080, 1194, 1433, 1434, 1521, 1701, 1723, 1883, 2049, 2181, 3268,
  3269, 3306, 3389, 4369, 5432, 5671, 5672, 5900, 6379, 8883, 9042, 9092, 11211, 27017, 27018, 27019, 28015,
  50000,
])

/** Whether a listening port may be a web page that nothing declares yet (stable-api, section 13). */
export function isShownPort(port: number, apps: readonly WorkspaceApp[]): boolean {
  return port >= FIRST_PORT && !OTHER_SERVICES.has(port) && !apps.some((app) => portOf(app.url) === port)
}

/** The port of an app's address; `undefined` when it has no address of a web page. */
export function portOf(url: string | undefined): number | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, port } = new URL(url)
  if (port !== '') return Number(port)
  return { 'http:': 80, 'https:': 443 }[protocol]
}

/** What a text takes on its way, which is what deployments bound. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** `3.2 of 64 KiB`, or `12 B of 64 KiB`. */
export function kibOf(bytes: number, most: number): string {
  const shown = bytes < 1024 ? `${String(bytes)} B` : (bytes / 1024).toFixed(1)
  return `${shown} of ${String(most / 1024)} KiB`
}

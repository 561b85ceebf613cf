/** What a text takes on its way, which is what deployments bound. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** `3.2 of 64 KiB`, once there is something to say. */
export function kibOf(bytes: number, most: number): string {
  return `${(bytes / 1024).toFixed(1)} of ${String(most / 1024)} KiB`
}

/** How often a crashed page is loaded again by itself: three times a minute, then it stays for the user to reload. */
const maxReloads = 3
const windowMs = 60_000

export function createCrashBudget(now: () => number): { spend(): boolean } {
  let recent: number[] = []
  return {
    spend: () => {
      recent = recent.filter((at) => now() - at < windowMs)
      if (recent.length >= maxReloads) return false
      recent.push(now())
      return true
    },
  }
}

const key = 'outpost.page'
const firstPage = '/workspaces'

/** The page to open with: the last one, unless it is not one of ours any more. */
export function rememberedPage(storage: Pick<Storage, 'getItem'>): string {
  const page = storage.getItem(key) ?? ''
  return /^\/(workspaces|agents|templates|tunnels|settings|diagnostics)(\/|\?|$)/.test(page)
    ? page
    : firstPage
}

export function rememberPage(storage: Pick<Storage, 'setItem'>, page: string): void {
  storage.setItem(key, page)
}

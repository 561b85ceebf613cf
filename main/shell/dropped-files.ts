/** Files dropped into a page, as the preload script tells of them: their paths are not the page's to name. */
import { z } from 'zod'

/** More than anybody drops; longer paths exist on no system. */
const dropSchema = z.tuple([z.uuid(), z.array(z.string().min(1).max(32_767)).max(10_000)])

/** What a preload script sent, or `undefined` for what does not fit. */
export function parseDrop(
  args: readonly unknown[],
): { readonly dropId: string; readonly paths: readonly string[] } | undefined {
  const parsed = dropSchema.safeParse(args)
  if (!parsed.success) return undefined
  const [dropId, paths] = parsed.data
  return { dropId, paths }
}

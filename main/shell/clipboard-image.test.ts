import { expect, it } from 'vitest'
import { readClipboardImage } from './clipboard-image.ts'

const png = Buffer.from('png')

it('reads a picture by the older way of Electron', async () => {
  const holding = (isEmpty: boolean) => ({ readImage: () => ({ isEmpty: () => isEmpty, toPNG: () => png }) })
  expect(await readClipboardImage(holding(false))).toEqual(png)
  expect(await readClipboardImage(holding(true))).toBeNull()
})

it('reads a picture by the newer way', async () => {
  const item = (type: string) => ({ types: [type], getType: async () => new Blob([png]) })
  const holding = (...types: string[]) => ({ read: async () => types.map(item) })
  expect(await readClipboardImage(holding('text/html', 'image/png'))).toEqual(png)
  expect(await readClipboardImage(holding('text/plain'))).toBeNull()
  expect(await readClipboardImage(holding())).toBeNull()
})

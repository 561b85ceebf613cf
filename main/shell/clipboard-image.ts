/** What a clipboard of Electron gives of a picture: `readImage` in 33, `read` in 45. */
export interface PictureClipboard {
  readImage?(): { isEmpty(): boolean; toPNG(): Buffer }
  read?(): Promise<readonly { readonly types: readonly string[]; getType(type: string): Promise<unknown> }[]>
}

/** As PNG; `null` where the clipboard holds no picture. */
export async function readClipboardImage(clipboard: PictureClipboard): Promise<Buffer | null> {
  if (clipboard.readImage) {
    const image = clipboard.readImage()
    return image.isEmpty() ? null : image.toPNG()
  }
  const items = (await clipboard.read?.()) ?? []
  const item = items.find(({ types }) => types.includes('image/png'))
  const blob = await item?.getType('image/png')
  return blob instanceof Blob ? Buffer.from(await blob.arrayBuffer()) : null
}

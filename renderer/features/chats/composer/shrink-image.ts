import { maxImageBytes } from './attachment-rules.ts'

/** Sizes to try: the longer edge in pixels, and the quality of the JPEG. */
export const shrinkSteps: readonly { readonly edge: number; readonly quality: number }[] = [
  { edge: 2576, quality: 0.9 },
  { edge: 2048, quality: 0.85 },
  { edge: 1568, quality: 0.8 },
  { edge: 1024, quality: 0.7 },
]

/** Draws an image smaller; rejects what is no image. */
export type DrawImage = (file: Blob, edge: number, quality: number) => Promise<Blob>

/** An image as small as providers take it; others, and animations, as they are. */
export async function shrinkImage(file: File, draw: DrawImage = drawSmaller): Promise<File> {
  const canShrink = ['image/png', 'image/jpeg', 'image/webp'].includes(file.type)
  if (!canShrink || file.size <= maxImageBytes) return file
  for (const { edge, quality } of shrinkSteps) {
    const smaller = await draw(file, edge, quality)
    if (smaller.size <= maxImageBytes) {
      return new File([smaller], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' })
    }
  }
  return file
}

async function drawSmaller(file: Blob, edge: number, quality: number): Promise<Blob> {
  const image = await createImageBitmap(file)
  const scale = Math.min(1, edge / Math.max(image.width, image.height))
  const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale))
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This window cannot draw.')
  // JPEG has no transparency: what shines through would turn black.
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality })
}

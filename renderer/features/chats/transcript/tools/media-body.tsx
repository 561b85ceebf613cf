import { Picture } from '../picture.tsx'
import { CardBody } from '../tool-card.tsx'
import type { mediaOf } from './media-result.ts'

/** The picture or file a tool answered, in its card. */
export function MediaBody({ media }: { readonly media: ReturnType<typeof mediaOf> }) {
  if (media === undefined) return null
  return (
    <CardBody className="p-2">
      <Picture file={media.file} name={media.name} />
    </CardBody>
  )
}

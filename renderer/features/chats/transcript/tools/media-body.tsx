import { Picture } from '../picture.tsx'
import { CardBody } from '../tool-card.tsx'
import type { mediaOf } from './media-result.ts'

export interface MediaBodyProps {
  readonly media: ReturnType<typeof mediaOf>
  /** As of a {@link Picture}. */
  readonly shape?: string
}

/** The picture or file a tool answered, in its card. */
export function MediaBody({ media, shape }: MediaBodyProps) {
  if (media === undefined) return null
  return (
    <CardBody className="p-2">
      <Picture file={media.file} name={media.name} shape={shape} />
    </CardBody>
  )
}

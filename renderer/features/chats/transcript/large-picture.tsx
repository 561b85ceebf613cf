import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { sizeKey } from '../../../lib/keyboard/size-key.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Segmented } from '../../../ui/segmented.tsx'

export interface LargePictureProps {
  readonly address: string
  /** As it is called on the page. */
  readonly name: string
  /** Its own size in pixels, once that is known. */
  readonly extent: Extent | undefined
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

type Size = 'fit' | 'native'

export interface Extent {
  readonly width: number
  readonly height: number
}

/** What of the window lies around the picture: the edges, the head, and room to click beside it. */
const around: Extent = { width: 88, height: 136 }
const room = 'max-h-[calc(100vh-136px)] max-w-[calc(100vw-88px)]'

/** A picture as large as the window lets it be, and pixel for pixel where that is more. */
export function LargePicture({ address, name, extent, open, onOpenChange }: LargePictureProps) {
  const [size, setSize] = useState<Size>('fit')
  const isCut = useIsLarger(extent)
  const shown = isCut ? size : 'fit'
  const scroller = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = sizeKey(event)
    if (next === undefined) return
    event.preventDefault()
    setSize(next)
  }
  /** What was clicked stays in sight. */
  const toggle = ({ currentTarget, clientX, clientY }: MouseEvent<HTMLElement>): void => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    setSize(shown === 'fit' ? 'native' : 'fit')
    if (shown === 'native' || extent === undefined) return
    const [x, y] = [((clientX - left) / width) * extent.width, ((clientY - top) / height) * extent.height]
    requestAnimationFrame(() => {
      const { current } = scroller
      current?.scrollTo(x - current.clientWidth / 2, y - current.clientHeight / 2)
    })
  }
  const picture = (
    <img
      src={address}
      alt={name}
      className={classNames('block', shown === 'native' ? 'max-w-none' : `object-contain ${room}`)}
    />
  )
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={name}
      size="fit"
      onKeyDown={onKeyDown}
      actions={
        isCut ? (
          <Segmented<Size>
            aria-label="Size of the picture"
            value={shown}
            onChange={setSize}
            options={[
              { value: 'fit', label: 'Fit' },
              { value: 'native', label: '100%' },
            ]}
          />
        ) : undefined
      }
    >
      <div
        ref={scroller}
        {...(shown === 'native'
          ? { tabIndex: 0, role: 'region', 'aria-label': `${name}, pixel for pixel` }
          : {})}
        className={classNames('mx-auto w-fit overflow-auto rounded-md ring-1 ring-line', room)}
      >
        {isCut ? (
          // For the pointer: the keyboard has the choice in the head.
          <button
            type="button"
            tabIndex={-1}
            aria-label={shown === 'fit' ? `Show ${name} pixel for pixel` : `Fit ${name} into the window`}
            className={classNames('block', shown === 'fit' ? 'cursor-zoom-in' : 'cursor-zoom-out')}
            onClick={toggle}
          >
            {picture}
          </button>
        ) : (
          picture
        )}
      </div>
    </Dialog>
  )
}

/** Whether the window has not room for all of it. */
function useIsLarger(extent: Extent | undefined): boolean {
  const [inner, setInner] = useState(() => ({ width: window.innerWidth, height: window.innerHeight }))
  useEffect(() => {
    const measure = (): void => setInner({ width: window.innerWidth, height: window.innerHeight })
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [])
  return (
    extent !== undefined &&
    (extent.width > inner.width - around.width || extent.height > inner.height - around.height)
  )
}

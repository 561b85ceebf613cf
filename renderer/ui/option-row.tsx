import type { Option } from './option.ts'

/** The look of an item in every list that opens. */
export const optionRow =
  'flex min-h-7 items-center gap-2.5 rounded-md px-2 py-1 outline-none cursor-default ' +
  'data-highlighted:bg-hover data-disabled:opacity-50 [[data-theme=hc]_&]:data-highlighted:outline-2 ' +
  '[[data-theme=hc]_&]:data-highlighted:outline-ring [[data-theme=hc]_&]:data-highlighted:-outline-offset-2'

/** The quiet colour of the icons in such a list. */
export const quietIcons = '[&>.lucide]:text-fg-3'

/** The surface of every list that opens. */
export const floatSurface = 'layer rounded-lg bg-float text-fg shadow-float outline-none no-drag'

/** Icon, label, description and detail of an option. */
export function OptionContent({ option }: { readonly option: Option }) {
  return (
    <>
      {option.icon}
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="cut">{option.label}</span>
        {option.description ? <span className="text-sm text-fg-3">{option.description}</span> : null}
      </span>
      {option.detail ? <span className="num flex-none text-sm text-fg-3">{option.detail}</span> : null}
    </>
  )
}

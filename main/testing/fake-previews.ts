import type { AppPreviewBounds, AppPreviewState } from '#ipc/app-preview'
import type { AppPreviews, OpenPreview, PreviewPage } from '../ports/app-previews.ts'

export interface FakePreview extends PreviewPage {
  readonly input: OpenPreview
  bounds: AppPreviewBounds | null
  readonly acts: string[]
  closed: boolean
  /** The page is there, or becomes otherwise. */
  become(change?: Partial<AppPreviewState>): void
}

export interface FakePreviews extends AppPreviews {
  /** All that were opened, oldest first. */
  readonly opened: FakePreview[]
  /** False: their addresses are none of the deployment. */
  isAllowed: boolean
}

/** Pages without a window. */
export function createFakePreviews(): FakePreviews {
  const previews: FakePreviews = {
    opened: [],
    isAllowed: true,
    open(input) {
      if (!previews.isAllowed) return undefined
      const page: FakePreview = {
        input,
        bounds: null,
        acts: [],
        closed: false,
        place: (bounds) => void (page.bounds = bounds),
        act: (action) => void page.acts.push(action),
        capture: async () => 'data:image/jpeg;base64,AA==',
        close: () => void (page.closed = true),
        become: (change = {}) =>
          input.listener.onChange({
            title: 'Shop',
            path: '/',
            canGoBack: false,
            canGoForward: false,
            isLoading: false,
            isReady: true,
            failure: null,
            ...change,
          }),
      }
      previews.opened.push(page)
      return page
    },
  }
  return previews
}

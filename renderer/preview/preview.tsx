import '../styles/index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { paintTheme, type Theme } from '../app/frame/theme.ts'
import { ControlsPage } from './controls-page.tsx'
import { FormPage } from './form-page.tsx'
import { FramePage } from './frame-page.tsx'
import { StatesPage } from './states-page.tsx'
import { TranscriptPage } from './transcript-page.tsx'

/** Shows the parts of the design system without the app: `?page=frame&theme=dark`. Only for development. */
const pages = {
  frame: FramePage,
  controls: ControlsPage,
  form: FormPage,
  states: StatesPage,
  transcript: TranscriptPage,
}

const query = new URLSearchParams(location.search)
const theme = query.get('theme')
paintTheme(theme === 'dark' || theme === 'hc' ? theme : ('light' satisfies Theme))
const Page = pages[(query.get('page') ?? 'frame') as keyof typeof pages]

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root.')
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
)

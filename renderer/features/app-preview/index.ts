export { AppPreview } from './app-preview.tsx'

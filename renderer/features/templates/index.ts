export { TemplateCard } from './template-card.tsx'

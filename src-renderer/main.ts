import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { connect, provideCore } from './api/client.ts'
import { createTexts, preferredLocale } from './locales/index.ts'
import { createScreens } from './router/index.ts'
import './styles/tokens.css'
import './styles/base.css'

const app = createApp(App)
provideCore(app, connect())
app.use(createPinia())
app.use(createTexts(preferredLocale(navigator.languages)))
app.use(createScreens())
app.mount('#app')

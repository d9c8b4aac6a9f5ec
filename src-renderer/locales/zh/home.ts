import type { home as en } from '../en/home.ts'
import type { Translation } from '../translation.ts'

export const home: Translation<typeof en> = {
  welcome: '欢迎使用 Signwright',
  lead: '标注手语语料库，查看翻译模型的输出，并发布经过核对的数据。一切都留在本机。',
  recent: '最近的语料库',
  open: '打开语料库',
  current: '当前打开',
  demo: '打开演示语料库',
  newCorpus: '新建语料库…',
  openFolder: '打开文件夹…',
  chooseCorpus: '打开语料库',
  steps: {
    demo: {
      title: '先看看',
      text: '演示语料库包含渲染生成的手语短片，以及一个只认识这些内容的小模型。无需 GPU，也无需下载。',
    },
    own: {
      title: '使用自己的数据',
      text: '新建语料库并导入视频文件夹、PHOENIX-2014T、How2Sign 或句子表格。媒体文件保持原位。',
    },
    go: {
      title: '继续工作',
      text: '打开您或同事创建的语料库文件夹（NAME.signwright）。',
    },
  },
  openedAt: '{when}打开',
  gone: '文件夹不存在',
  forget: '从列表中移除“{name}”',
  openNamed: '打开“{name}”',
  noRecent: '打开过的语料库会列在这里。',
  demoTag: '演示',
  reviewed: '已审阅 {done} / {total}',
  stateShare: '{state} {n}',
  actions: {
    browse: '浏览片段',
    review: '审阅',
    import: '导入',
    export: '导出',
    close: '关闭',
  },
  create: {
    title: '新建语料库',
    description: '语料库是一个独立的文件夹，您的视频不会被复制进去。',
    name: '名称',
    namePlaceholder: 'Wetter-DGS',
    nameMissing: '请为语料库命名。',
    place: '创建位置',
    placeMissing: '请选择创建语料库的文件夹。',
    result: '将创建 {path}',
    make: '创建并导入',
    choosePlace: '语料库的位置',
  },
}

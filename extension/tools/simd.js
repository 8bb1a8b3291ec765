// As the page's own file of this name: every browser that takes this extension has vector instructions.

export const build = 'org2org_www';
export const glue = () => import('./org2org_www.js');

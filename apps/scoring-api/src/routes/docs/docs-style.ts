/** The page's style; follows the reader's light or dark setting. */
export const docsStyle = `
:root{color-scheme:light dark;--line:light-dark(#dfe3e8,#39414b);--soft:light-dark(#f5f7f9,#1d2229);
--text:light-dark(#1b1f24,#e4e8ec);--quiet:light-dark(#57606a,#9aa5b1);--link:light-dark(#0b5cad,#6cb6ff)}
body{margin:0;display:grid;grid-template-columns:19rem minmax(0,1fr);font:15px/1.5 system-ui,sans-serif;
color:var(--text);background:light-dark(#fff,#14181d)}
nav{position:sticky;top:0;height:100vh;box-sizing:border-box;overflow:auto;padding:1.2rem;
background:var(--soft);border-right:1px solid var(--line)}
nav h1{font-size:1.1rem;margin:0}nav>a{display:block;padding:.15rem 0;font-size:.85rem;overflow-wrap:anywhere}
nav h4{margin:1.2rem 0 .3rem}nav small{display:block;margin-bottom:1rem;color:var(--quiet)}
main{padding:1.5rem 2.5rem 6rem;max-width:62rem}a{color:var(--link);text-decoration:none}
.lead{font-size:1.05rem}
h2{margin:2.5rem 0 .3rem;border-bottom:1px solid var(--line)}h3{margin:1.8rem 0 .4rem}h4{margin:1rem 0 .3rem}
section{scroll-margin-top:1rem}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line)}
th{color:var(--quiet);font-weight:500}code,pre{font-family:ui-monospace,monospace;font-size:.86em}
td code{overflow-wrap:anywhere}i{color:var(--quiet);font-size:.85em}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.8rem;overflow:auto}
b.get,b.post{font-size:.75rem;color:#fff;border-radius:4px;padding:.1rem .4rem;background:#1f7a4d}
b.post{background:#0b5cad}b.status2{color:light-dark(#1f7a4d,#57c78b)}
b.status4{color:light-dark(#a15c00,#e0a84f)}
b.status5{color:light-dark(#b42318,#ff8a7a)}details summary{cursor:pointer;color:var(--quiet)}
ul{margin:.3rem 0;padding-left:1.1rem}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto}}
`;

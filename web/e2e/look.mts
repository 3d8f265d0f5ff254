import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { RunningPractice } from './support/server';
const practice = await RunningPractice.start();
const code = await practice.newClaimCode();
const ca = practice.folder + '/data/tls/authority.pem';
await new Promise(r=>spawn('npm', ['run','--silent','seed','--','--url',practice.origin,'--code',code,'--clients','4','--marker','','--out','/tmp/look/seed.json','--ca',ca],{stdio:'inherit'}).on('exit',r));
const seed = JSON.parse(readFileSync('/tmp/look/seed.json','utf8'));
const browser = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync'],env:{...process.env,HOME:practice.home}});
async function shoot(kit: string, pages: string[], name: string, ctxOpts: object) {
  const ctx = await browser.newContext({...ctxOpts}); const page = await ctx.newPage();
  page.on('console', m => { if (m.type()==='error') console.log('console', m.text()) });
  await page.goto(practice.origin + '/sign-in?way=kit');
  await page.getByLabel('The 24 words, or the line').fill(kit);
  await page.getByRole('button',{name:'Sign in with this kit'}).click();
  await page.getByRole('button',{name:'Later'}).click({timeout:30000});
  await page.waitForTimeout(2500);
  await page.screenshot({path:`/tmp/look/${name}-0.png`,fullPage:false});
  let i=0; for (const p of pages) { i++;
    const l = page.locator(`a[href="${p}"]`).first();
    if (await l.count()) await l.click(); else { await page.evaluate((p)=>{history.pushState({},'',p); dispatchEvent(new PopStateEvent('popstate'))}, p); }
    await page.waitForTimeout(1200); await page.screenshot({path:`/tmp/look/${name}-${i}.png`}); }
  await ctx.close();
}
const c0 = seed.clients[0];
const base = `/clients/${c0.client}`;
await shoot(seed.owner.personal_kit, ['/clients', base, `${base}/notes`, `${base}/actions`, `${base}/messages`, `${base}/files`, `${base}/access`, '/messages', '/settings'], 'coach', {viewport:{width:1440,height:900}, colorScheme:'light'});
await shoot(seed.owner.personal_kit, ['/clients', base, `${base}/notes`], 'coachdark', {viewport:{width:1440,height:900}, colorScheme:'dark'});
await shoot(c0.personal_kit, ['/notes','/messages','/space','/space/access','/space/files'], 'phone', {viewport:{width:390,height:844}, deviceScaleFactor:2, colorScheme:'light', isMobile:true, hasTouch:true});
await browser.close(); await practice.end(); process.exit(0);

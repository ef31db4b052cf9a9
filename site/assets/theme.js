// Before anything is drawn, so that a page chosen to be dark does not flash.
try { const theme = localStorage.getItem('rollcall-theme'); if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme; } catch { /* as the system says */ }

// What the office screens do better with JavaScript. Everything works without it.

import { watchChoices } from "./choices.js";
import { watchKeys } from "./keys.js";
import { watchLetter } from "./letters.js";
import { watchMenus } from "./menus.js";
import { watchLeaving } from "./leaving.js";
import { watchVerification } from "./verification.js";
import { watchPlates } from "./plates.js";
import { watchReception } from "./reception.js";

watchMenus();
watchKeys();
watchChoices();
watchLeaving();
watchVerification();
watchLetter();
watchPlates();
watchReception();

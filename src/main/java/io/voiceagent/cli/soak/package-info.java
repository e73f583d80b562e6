/** Mixed load with random faults for as long as wanted, and whether everything is gone afterwards. */
@NullMarked
package io.voiceagent.cli.soak;

import org.jspecify.annotations.NullMarked;

/**
 * The pages for people: {@link org.realera.report.EraseReport}, {@link
 * org.realera.report.ScopeReport}, {@link org.realera.report.EvalPage}, {@link
 * org.realera.report.MethodsPage} and {@link org.realera.report.AttackPage} are what they show, as
 * plain records, and know how to become HTML. The templates are in {@code src/main/jte}; what they
 * are given is escaped by where it stands. Whoever has results hands them over as these records:
 * nothing here knows how they came about.
 */
@NullMarked
package org.realera.report;

import org.jspecify.annotations.NullMarked;

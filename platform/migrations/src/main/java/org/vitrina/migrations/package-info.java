/** The program that brings a database's schema forward and back; services only check that theirs is new enough. */
@NullMarked
package org.vitrina.migrations;

import org.jspecify.annotations.NullMarked;

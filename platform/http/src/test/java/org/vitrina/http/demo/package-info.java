/** A small service over this module, for its tests. */
package org.vitrina.http.demo;

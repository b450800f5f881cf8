package org.vitrina.predictions;

import org.vitrina.http.ETags;

/**
 * A classifier and the version that its entity tag is made of.
 *
 * @param created whether this very change made it
 */
record VersionedClassifier(Classifier classifier, long version, boolean created) {
    static VersionedClassifier of(ClassifierEntity row, boolean created) {
        return new VersionedClassifier(new Classifier(row.id, row.l1, row.l2), row.version, created);
    }

    String etag() {
        return ETags.of(version);
    }
}

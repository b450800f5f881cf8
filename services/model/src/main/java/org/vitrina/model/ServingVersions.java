package org.vitrina.model;

import java.util.List;

/** The loaded versions that predict at this moment, each with its share of all keys. */
record ServingVersions(Choice choice, List<PredictiveModel> models) {
    /** The version that was asked for, as an experiment does, if it is in use; else that of the key. */
    PredictiveModel of(String version, String key) {
        for (PredictiveModel each : models) {
            if (each.version().equals(version)) {
                return each;
            }
        }
        return forKey(key);
    }

    /** The version that predicts for a key: always the same while the choice stands, so that a repetition changes nothing. */
    PredictiveModel forKey(String key) {
        if (models.size() == 1) {
            return models.getFirst();
        }
        int sum = choice.serving().stream().mapToInt(Share::weight).sum();
        int place = Math.floorMod(mixed(key.hashCode()), sum);
        for (int i = 0; i < models.size(); i++) {
            place -= choice.serving().get(i).weight();
            if (place < 0) {
                return models.get(i);
            }
        }
        return models.getLast();
    }

    /** Keys that follow on each other are spread evenly: the end of MurmurHash3 (Appleby, 2011). */
    private static int mixed(int hash) {
        int mixed = hash;
        mixed = (mixed ^ mixed >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return mixed ^ mixed >>> 16;
    }
}

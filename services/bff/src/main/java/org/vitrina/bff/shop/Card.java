package org.vitrina.bff.shop;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.vitrina.bff.products.CatalogItem;

/**
 * A product as a list shows it.
 *
 * @param place its number on the page, from 1
 * @param price as it is read; empty where there is none
 */
@RegisterForReflection // within its element of a list a template looks for names of the whole page first
public record Card(int place, int id, String name, String price, Picture picture) {
    static Card of(int place, CatalogItem item, Visit visit) {
        return new Card(place, item.id(), item.name(), Formats.money(item.price(), visit), Picture.of(item));
    }
}

// Where the references of a schema lead: `$id` and `$anchor` name places, and a reference finds them by name or by
// JSON pointer. Nothing is ever fetched; what the schema does not bring is not there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "schema_prepared.hpp"
#include "uri.hpp"

namespace headgate::grade {

// Of one walk over one schema; borrows both arguments.
class SchemaPlaces {
 public:
  SchemaPlaces(const Schema::Prepared& prepared, const SchemaComplaint& complain)
      : prepared_(prepared), complain_(complain) {}

  // Finds every name in `root`. False after a complaint.
  bool add_document(const Json& root);

  // Where the `$ref` of `schema` leads; nullptr after a complaint.
  const Json* target(const Json& schema, const Json& reference);

  // The schema of draft-07 itself comes with the program; its own words are not the user's to answer for.
  bool is_shipped(const Json& schema) const;

 private:
  struct Resource {  // a schema with an `$id`, or the whole
    Uri base;
    const Json* root;
    std::map<std::string, const Json*> anchors;
    bool shipped = false;
  };

  void index(const Json& value, std::size_t resource);
  void index_below(const Json& value, std::size_t resource);
  std::size_t own_resource(const Json& value, std::size_t outer);
  void add_anchor(const Json& name, std::string_view anchor, const Json& schema, std::size_t resource);
  const Json* follow(std::size_t resource, const std::string& fragment);
  void fault(const Json& at, std::string message, std::string hint = {}) const;

  const Schema::Prepared& prepared_;
  const SchemaComplaint& complain_;
  std::vector<Resource> resources_;
  std::map<std::string, std::size_t> by_uri_;
  std::map<const Json*, std::size_t> resource_of_;  // of every schema seen
  bool good_ = true;
  bool shipping_ = false;
};

}  // namespace headgate::grade

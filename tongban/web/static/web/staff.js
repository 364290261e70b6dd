"use strict";
/* The checklist follows the situation at once; without script a button does the same. */
const intake = document.getElementById("intake");
if (intake) {
  intake.querySelectorAll("#situations input[type=radio]").forEach((radio) => {
    radio.addEventListener("change", () => {
      const save = document.createElement("input");
      save.type = "hidden";
      save.name = "do";
      save.value = "refresh:situations";
      intake.append(save);
      intake.submit();
    });
  });
}
